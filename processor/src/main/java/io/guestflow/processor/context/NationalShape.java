package io.guestflow.processor.context;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * National numbers that begin with neither a zero nor a bracket, told by how a whole run of digits is grouped.
 *
 * @param run without the first group if that is the tail of a word, as in {@code vip2 612 345 678}
 */
record NationalShape(DigitRun run) {
    private static final int MIN_DIGITS = 9;
    private static final int MAX_DIGITS = 12;
    private static final int MAX_GROUPS = 5;

    boolean matches() {
        int first = PhoneNumbers.isGlued(run, 0) ? 1 : 0;
        int groups = run.size() - first;
        if (groups < 2 || groups > MAX_GROUPS || isFollowedByLetter()) {
            return false;
        }
        int[] lengths = IntStream.range(first, run.size())
                .map(i -> run.group(i).length())
                .toArray();
        int digits = IntStream.of(lengths).sum();
        return digits >= MIN_DIGITS
                && digits <= MAX_DIGITS
                && (isHyphenated(run.digits(first), lengths) || isSpaced(first, lengths));
    }

    private boolean isFollowedByLetter() {
        int end = run.group(run.size() - 1).end();
        return end < run.text().length() && Character.isLetter(run.text().charAt(end));
    }

    /** With hyphens numbers look like ids, so the leading digits must fit the country too: China, Russia. */
    private static boolean isHyphenated(String head, int[] lengths) {
        char first = head.charAt(0);
        char second = head.length() > 1 ? head.charAt(1) : '0';
        return switch (lengths.length) {
            case 3 -> isGrouped(lengths, 3, 4, 4) && first == '1' && second >= '3';
            case 5 -> isGrouped(lengths, 1, 3, 3, 2, 2) && (first == '7' || first == '8');
            default -> false;
        };
    }

    private static boolean isGrouped(int[] lengths, int... as) {
        return Arrays.equals(lengths, as);
    }

    /** With spaces hardly anything else has nine digits and more: {@code 612 345 678}. Amounts and lists of numbers do. */
    private boolean isSpaced(int first, int[] lengths) {
        for (int i = first + 1; i < run.size(); i++) {
            String gap = run.gapBefore(i);
            if (!gap.isBlank() && !gap.equals("-") && !gap.equals("+")) {
                return false;
            }
        }
        boolean spaced = IntStream.range(first + 1, run.size())
                .anyMatch(i -> !run.gapBefore(i).equals("-"));
        boolean list = IntStream.of(lengths).allMatch(length -> length < 3);
        boolean amount = lengths[0] < 3 && IntStream.of(lengths).skip(1).allMatch(length -> length == 3);
        return spaced
                && !list
                && !amount
                && lengths[0] >= 2
                && lengths[0] <= 5
                && run.digits(first).charAt(0) != '0'
                && !PhoneNumbers.isYear(run.digits(first));
    }
}

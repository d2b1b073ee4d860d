package io.guestflow.processor.context;

import java.util.ArrayList;
import java.util.List;

/**
 * Groups of digits that stand so close together in a text that they can be one number: at most three separators between
 * two of them. UUIDs are left out, whose groups look like anything now and then.
 *
 * @param text the whole text
 * @param groups at least one
 */
record DigitRun(String text, List<Group> groups) {
    private static final String SEPARATORS = " -._/+()";
    private static final int MAX_GAP = 3;
    private static final int UUID_LENGTH = 36;

    /** Digits without anything between them. */
    record Group(int start, int end) {
        int length() {
            return end - start;
        }
    }

    static List<DigitRun> in(String text) {
        List<DigitRun> runs = new ArrayList<>();
        List<Group> groups = new ArrayList<>();
        int gapFrom = 0;
        for (int i = 0; i < text.length(); ) {
            if (isUuidAt(text, i)) {
                i += UUID_LENGTH;
                close(text, groups, runs);
                groups = new ArrayList<>();
            } else if (isDigit(text.charAt(i))) {
                int end = i + 1;
                while (end < text.length() && isDigit(text.charAt(end))) {
                    end++;
                }
                if (!isGap(text, gapFrom, i)) {
                    close(text, groups, runs);
                    groups = new ArrayList<>();
                }
                groups.add(new Group(i, end));
                gapFrom = end;
                i = end;
            } else {
                i++;
            }
        }
        close(text, groups, runs);
        return runs;
    }

    private static void close(String text, List<Group> groups, List<DigitRun> runs) {
        if (!groups.isEmpty()) {
            runs.add(new DigitRun(text, groups));
        }
    }

    /** Whether the text has so many digits at all: most texts have not, and need no closer look. */
    static boolean hasDigits(String text, int atLeast) {
        return text.chars().filter(c -> isDigit((char) c)).limit(atLeast).count() == atLeast;
    }

    static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    static boolean isSeparator(char c) {
        return SEPARATORS.indexOf(c) >= 0;
    }

    private static boolean isGap(String text, int from, int to) {
        if (to - from > MAX_GAP) {
            return false;
        }
        for (int i = from; i < to; i++) {
            if (!isSeparator(text.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isUuidAt(String text, int at) {
        if (at + UUID_LENGTH > text.length() || (at > 0 && Character.isLetterOrDigit(text.charAt(at - 1)))) {
            return false;
        }
        for (int i = 0; i < UUID_LENGTH; i++) {
            char c = text.charAt(at + i);
            boolean hyphen = i == 8 || i == 13 || i == 18 || i == 23;
            if (hyphen ? c != '-' : Character.digit(c, 16) < 0) {
                return false;
            }
        }
        return at + UUID_LENGTH == text.length() || !Character.isLetterOrDigit(text.charAt(at + UUID_LENGTH));
    }

    int size() {
        return groups.size();
    }

    Group group(int index) {
        return groups.get(index);
    }

    /** The digits of a group. */
    String digits(int index) {
        return text.substring(group(index).start(), group(index).end());
    }

    /** What stands between a group and the one before it; before the first group, the separators that lead up to it. */
    String gapBefore(int index) {
        int end = group(index).start();
        int start = index > 0 ? group(index - 1).end() : end;
        if (index == 0) {
            while (start > 0 && end - start < MAX_GAP && isSeparator(text.charAt(start - 1))) {
                start--;
            }
        }
        return text.substring(start, end);
    }
}

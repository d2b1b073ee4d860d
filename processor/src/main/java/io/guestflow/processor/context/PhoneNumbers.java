package io.guestflow.processor.context;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Finds telephone numbers by the way they are written: international with {@code +} or {@code 00} (E.164: up to 15
 * digits), national in groups, behind a word such as {@code tel}, or with an extension. Bare digits are an id: nothing in
 * them tells {@code 5551234567} from an order number.
 *
 * <p>The country is not known, so no numbering plan is asked; measured with one (libphonenumber), any region that is
 * assumed makes ids and dates of the others into numbers.
 */
final class PhoneNumbers {
    private static final int MIN_DIGITS = 7;
    private static final int MIN_NATIONAL = 9;
    private static final int MIN_BARE_EXTENDED = 10;
    private static final int MAX_DIGITS = 15;
    private static final int MAX_LABEL_GAP = 3;
    private static final int MAX_LABEL = 10;
    private static final Set<String> LABELS = Set.of(
            "tel", "telefon", "telephone", "telefono", "phone", "mobile", "mobil", "handy", "cell", "fax", "whatsapp");

    // Bounded quantifiers only: these run over text that a stranger chose.
    private static final Pattern DATE = Pattern.compile("(?<!\\d)(?:"
            + "(?:19|20)\\d\\d([-/._ ])(?:0?[1-9]|1[0-2])\\1(?:0?[1-9]|[12]\\d|3[01])"
            + "|(?:0?[1-9]|[12]\\d|3[01])([-/._ ])(?:0?[1-9]|[12]\\d|3[01])\\2(?:19|20)\\d\\d)(?!\\d)");
    private static final Pattern EXTENSION = Pattern.compile(
            "[ ,;]{0,2}(?:ext|extn|extension|x)[ .:=]{0,2}\\d{1,6}(?![\\p{L}\\d])", Pattern.CASE_INSENSITIVE);
    /** Behind bare digits " x 2" is a quantity. */
    private static final Pattern BARE_EXTENSION = Pattern.compile(
            "(?:[ ,;]{0,2}(?:ext|extn|extension)[ .:=]{0,2}|x)\\d{2,6}(?![\\p{L}\\d])", Pattern.CASE_INSENSITIVE);

    private PhoneNumbers() {}

    static boolean occurIn(String text) {
        if (!DigitRun.hasDigits(text, MIN_DIGITS)) {
            return false;
        }
        // '#' is no separator: a date breaks the run of digits that it stands in.
        String undated = DATE.matcher(text).replaceAll("#");
        return DigitRun.in(undated).stream().anyMatch(PhoneNumbers::isPhone);
    }

    private static boolean isPhone(DigitRun run) {
        for (int first = 0; first < run.size(); first++) {
            if (isInternational(run, first)
                    || isAfterTrunkPrefix(run, first)
                    || isAfterAreaInBrackets(run, first)
                    || isNorthAmerican(run, first)) {
                return true;
            }
        }
        return isAfterLabel(run) || hasExtension(run) || new NationalShape(run).matches();
    }

    private static boolean isInternational(DigitRun run, int first) {
        String gap = run.gapBefore(first);
        int plus = gap.lastIndexOf('+');
        // Between two digits the sign is a space that a form has encoded.
        if (plus >= 0 && !(first > 0 && gap.equals("+"))) {
            int at = run.group(first).start() - gap.length() + plus;
            return run.digits(first).charAt(0) != '0'
                    && (at == 0 || !Character.isLetterOrDigit(run.text().charAt(at - 1)))
                    && fits(run, first, 8, MAX_DIGITS, false);
        }
        if (first > 0
                || isGlued(run, 0)
                || !run.digits(0).startsWith("00")
                || run.digits(0).startsWith("000")) {
            return false;
        }
        // Bare, it could be an id that is filled up with zeros: only the length of a full number counts.
        return fits(run, 0, run.size() == 1 ? 12 : 11, MAX_DIGITS + 2, true);
    }

    /** One zero, or North America's 011, then the area: {@code 0151 12345678}, {@code 01 23 45 67 89}. */
    private static boolean isAfterTrunkPrefix(DigitRun run, int first) {
        String area = run.digits(first);
        if (area.length() < 2 || area.charAt(0) != '0' || area.charAt(1) == '0' || first == run.size() - 1) {
            return false;
        }
        boolean begins = first == 0
                ? !isGlued(run, 0)
                : area.length() > 2 && run.gapBefore(first).isBlank();
        return begins && fits(run, first, MIN_NATIONAL, area.equals("011") ? 16 : 13, true);
    }

    private static boolean isAfterAreaInBrackets(DigitRun run, int first) {
        if (first == run.size() - 1
                || !run.gapBefore(first).endsWith("(")
                || !run.gapBefore(first + 1).startsWith(")")) {
            return false;
        }
        int length = run.group(first).length();
        return length >= 2 && length <= 5 && !isYear(run.digits(first)) && fits(run, first, MIN_NATIONAL, 13, true);
    }

    /** 3-3-4, by itself or after the country's 1. Area and exchange are not checked: made-up ones are phones too. */
    private static boolean isNorthAmerican(DigitRun run, int first) {
        int last = first + 2;
        if (last >= run.size()
                || run.group(first).length() != 3
                || run.group(first + 1).length() != 3
                || run.group(last).length() != 4) {
            return false;
        }
        boolean begins = first == 0
                ? !isGlued(run, 0)
                : isWordBreak(run.gapBefore(first))
                        || (first == 1 && run.digits(0).equals("1") && !isGlued(run, 0));
        return begins && ends(run, last);
    }

    private static boolean isAfterLabel(DigitRun run) {
        String text = run.text();
        int at = run.group(0).start();
        int wordEnd = at;
        while (wordEnd > 0 && at - wordEnd < MAX_LABEL_GAP && " .:=#+(".indexOf(text.charAt(wordEnd - 1)) >= 0) {
            wordEnd--;
        }
        int word = wordEnd;
        while (word > 0 && wordEnd - word <= MAX_LABEL && Character.isLetter(text.charAt(word - 1))) {
            word--;
        }
        return wordEnd < at
                && LABELS.contains(text.substring(word, wordEnd).toLowerCase(Locale.ROOT))
                && fits(run, 0, MIN_NATIONAL, MAX_DIGITS, false);
    }

    private static boolean hasExtension(DigitRun run) {
        int from = isGlued(run, 0) ? 1 : 0;
        int groups = run.size() - from;
        int digits = 0;
        for (int i = from; i < run.size() && digits <= MAX_DIGITS; i++) {
            digits += run.group(i).length();
        }
        boolean local = groups == 2
                && run.group(from).length() == 3
                && run.group(from + 1).length() == 4;
        boolean complete = digits >= (groups == 1 ? MIN_BARE_EXTENDED : MIN_NATIONAL) && digits <= MAX_DIGITS;
        return (local || complete)
                && (groups == 1 ? BARE_EXTENSION : EXTENSION)
                        .matcher(run.text())
                        .region(run.group(run.size() - 1).end(), run.text().length())
                        .lookingAt();
    }

    /**
     * Whether the groups from {@code first} on have between {@code min} and {@code max} digits, up to any of them, or if
     * {@code whole} up to one where a word ends.
     */
    private static boolean fits(DigitRun run, int first, int min, int max, boolean whole) {
        int digits = 0;
        for (int last = first; last < run.size(); last++) {
            digits += run.group(last).length();
            if (digits > max) {
                return false;
            }
            if (digits >= min && (!whole || ends(run, last))) {
                return true;
            }
        }
        return false;
    }

    private static boolean ends(DigitRun run, int last) {
        if (last < run.size() - 1) {
            return isWordBreak(run.gapBefore(last + 1));
        }
        int end = run.group(last).end();
        return end == run.text().length() || !Character.isLetter(run.text().charAt(end));
    }

    private static boolean isWordBreak(String gap) {
        return gap.indexOf(' ') >= 0 || gap.indexOf('+') >= 0 || gap.indexOf('(') >= 0;
    }

    /** Whether a letter stands right before the group, as in {@code v1.2.3}. */
    static boolean isGlued(DigitRun run, int group) {
        int start = run.group(group).start();
        return start > 0 && Character.isLetter(run.text().charAt(start - 1));
    }

    static boolean isYear(String digits) {
        return digits.length() == 4 && (digits.startsWith("19") || digits.startsWith("20"));
    }
}

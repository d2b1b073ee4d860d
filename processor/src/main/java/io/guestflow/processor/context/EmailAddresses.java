package io.guestflow.processor.context;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Finds e-mail addresses, also internationalised ones (RFC 6531) and spelled-out ones: {@code jane [at] example [dot] com},
 * {@code jane at example dot com}. A domain has at least two labels, the last of letters, so {@code lodash@4.17.21} and
 * {@code a@b} are none.
 */
final class EmailAddresses {
    private static final int MAX_LABEL = 63;
    private static final int MAX_LABELS = 10;

    // Bounded quantifiers only: these run over text that a stranger chose.
    private static final Pattern BRACKETED_AT =
            Pattern.compile("[ _]{0,3}[\\[({<]{1,2} ?(?:at|@) ?[])}>]{1,2}[ _]{0,3}", Pattern.CASE_INSENSITIVE);
    private static final Pattern BRACKETED_DOT =
            Pattern.compile("[ _]{0,3}[\\[({<]{1,2} ?(?:dot|\\.) ?[])}>]{1,2}[ _]{0,3}", Pattern.CASE_INSENSITIVE);
    private static final Pattern AT_WORD = Pattern.compile("\\bat\\b|_at_", Pattern.CASE_INSENSITIVE);
    private static final Pattern WORD_BREAK = Pattern.compile("[ _-]{1,3}");

    /** Without a bracket or a sign only a known ending tells an address from "at our polka dot sale". */
    private static final Set<String> SPELLED_OUT_ENDINGS = Set.of(
            "com", "net", "org", "edu", "gov", "info", "biz", "io", "co", "dev", "app", "eu", "uk", "de", "fr", "es",
            "nl", "ch", "se", "pl", "ca", "au", "br", "jp");

    private EmailAddresses() {}

    static boolean occurIn(String text) {
        if (text.indexOf('@') < 0 && !AT_WORD.matcher(text).find()) {
            return false;
        }
        String signs = BRACKETED_DOT
                .matcher(BRACKETED_AT.matcher(text).replaceAll("@"))
                .replaceAll(".");
        for (int at = signs.indexOf('@'); at >= 0; at = signs.indexOf('@', at + 1)) {
            if (isAddressAround(signs, at)) {
                return true;
            }
        }
        return isSpelledOutIn(signs);
    }

    private static boolean isAddressAround(String text, int at) {
        // "jane @ example.com" is an address, "follow @example.com" is none.
        boolean spaced = at > 0 && text.charAt(at - 1) == ' ' && text.startsWith(" ", at + 1);
        int local = spaced ? at - 2 : at - 1;
        int domain = spaced ? at + 2 : at + 1;
        return local >= 0 && isLocalPart(text.codePointBefore(local + 1)) && isDomainAt(text, domain);
    }

    private static boolean isLocalPart(int point) {
        return Character.isLetterOrDigit(point) || "_+-.'\"}".indexOf(point) >= 0;
    }

    private static boolean isDomainAt(String text, int from) {
        if (text.startsWith("[", from)) {
            return text.startsWith("IPv6:", from + 1)
                    || (from + 1 < text.length() && Character.isDigit(text.charAt(from + 1)));
        }
        int start = from;
        for (int labels = 1; labels <= MAX_LABELS; labels++) {
            int end = labelEnd(text, start);
            if (end == start) {
                return false;
            }
            if (labels >= 2 && isTopLevel(text.substring(start, end))) {
                return true;
            }
            start = afterDot(text, end);
            if (start < 0) {
                return false;
            }
        }
        return false;
    }

    private static int labelEnd(String text, int start) {
        int end = start;
        while (end < text.length() && end - start < MAX_LABEL) {
            int point = text.codePointAt(end);
            if (point != '-' && !Character.isLetterOrDigit(point)) {
                break;
            }
            end += Character.charCount(point);
        }
        return end;
    }

    /** Where the next label begins, after {@code .}, <code>&nbsp;.&nbsp;</code> or {@code dot} between spaces; or -1. */
    private static int afterDot(String text, int at) {
        for (String dot : new String[] {".", " . ", " dot ", "_dot_"}) {
            if (text.regionMatches(true, at, dot, 0, dot.length())) {
                return at + dot.length();
            }
        }
        return -1;
    }

    private static boolean isTopLevel(String label) {
        return label.codePointCount(0, label.length()) >= 2
                && (label.codePoints().allMatch(Character::isLetter)
                        || label.toLowerCase(Locale.ROOT).startsWith("xn--"));
    }

    private static boolean isSpelledOutIn(String text) {
        String[] words = WORD_BREAK.split(text, -1);
        for (int at = 1; at < words.length; at++) {
            if (!words[at].equalsIgnoreCase("at")) {
                continue;
            }
            for (int dot = at + 2, labels = 1;
                    labels < MAX_LABELS && dot + 1 < words.length && words[dot].equalsIgnoreCase("dot");
                    dot += 2, labels++) {
                if (SPELLED_OUT_ENDINGS.contains(words[dot + 1].toLowerCase(Locale.ROOT))) {
                    return true;
                }
            }
        }
        return false;
    }
}

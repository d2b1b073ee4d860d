package io.guestflow.processor.context;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Finds payment card numbers (ISO/IEC 7812): 13 to 19 digits, in groups or not, with an issuer's prefix, a length that
 * this issuer uses, and the right Luhn digit. All three, for one number in ten passes Luhn by chance.
 */
final class PaymentCards {
    private static final int MIN_DIGITS = 13;
    private static final int MAX_DIGITS = 19;
    /** Behind a plus: one German mobile number in ten would be an old Visa card. */
    private static final int MAX_PHONE_DIGITS = 15;

    /** Prefixes from {@code low} to {@code high}, both of the same length, and the lengths of their numbers. */
    private record Range(int low, int high, Set<Integer> lengths) {
        boolean covers(String number) {
            int prefix =
                    Integer.parseInt(number.substring(0, Integer.toString(low).length()));
            return prefix >= low && prefix <= high && lengths.contains(number.length());
        }
    }

    private static final Set<Integer> SIXTEEN_AND_MORE = Set.of(16, 17, 18, 19);
    private static final Set<Integer> ANY = Set.of(13, 14, 15, 16, 17, 18, 19);

    /** As the schemes publish them; narrow ones where a scheme's ranges are scattered over others'. */
    private static final List<Range> RANGES = List.of(
            new Range(4, 4, Set.of(13, 16, 19)), // Visa
            new Range(51, 55, Set.of(16)), // Mastercard
            new Range(2221, 2720, Set.of(16)),
            new Range(34, 34, Set.of(15)), // American Express
            new Range(37, 37, Set.of(15)),
            new Range(300, 305, Set.of(14, 16)), // Diners Club
            new Range(309, 309, Set.of(14, 16)),
            new Range(36, 36, Set.of(14, 16)),
            new Range(38, 39, Set.of(14, 16)),
            new Range(6011, 6011, Set.of(16, 19)), // Discover
            new Range(644, 649, Set.of(16, 19)),
            new Range(65, 65, Set.of(16, 19)), // Discover, RuPay
            new Range(60, 60, Set.of(16)), // RuPay
            new Range(81, 82, Set.of(16)), // UnionPay, RuPay
            new Range(508, 508, Set.of(16)),
            new Range(3528, 3589, SIXTEEN_AND_MORE), // JCB
            new Range(62, 62, SIXTEEN_AND_MORE), // UnionPay
            new Range(2200, 2204, SIXTEEN_AND_MORE), // Mir
            new Range(5018, 5020, ANY), // Maestro, Dankort
            new Range(5038, 5038, ANY),
            new Range(5893, 5893, ANY),
            new Range(6304, 6304, ANY),
            new Range(6759, 6759, ANY),
            new Range(6761, 6763, ANY),
            new Range(506099, 506198, Set.of(16, 18, 19)), // Verve
            new Range(637, 639, Set.of(16)), // InstaPayment
            new Range(9792, 9792, Set.of(16))); // Troy

    private PaymentCards() {}

    /** Where a card number stands. */
    record Span(int start, int end) {}

    static boolean occurIn(String text) {
        return find(text).isPresent();
    }

    /** The first card number of a text. */
    static Optional<Span> find(String text) {
        if (!DigitRun.hasDigits(text, MIN_DIGITS)) {
            return Optional.empty();
        }
        for (DigitRun run : DigitRun.in(text)) {
            for (int first = 0; first < run.size(); first++) {
                Optional<Span> card = from(run, first);
                if (card.isPresent()) {
                    return card;
                }
            }
        }
        return Optional.empty();
    }

    private static Optional<Span> from(DigitRun run, int first) {
        StringBuilder number = new StringBuilder();
        // Between two digits the sign is a space that a form has encoded.
        String before = run.gapBefore(first);
        boolean international = before.endsWith("+") && !(first > 0 && before.equals("+"));
        int dots = 0;
        for (int last = first; last < run.size(); last++) {
            int gaps = last - first;
            if (gaps > 0) {
                String gap = run.gapBefore(last);
                if (gap.indexOf('(') >= 0 || gap.indexOf(')') >= 0) {
                    return Optional.empty();
                }
                dots += gap.indexOf('.') >= 0 ? 1 : 0;
            }
            if (number.length() + run.group(last).length() > MAX_DIGITS) {
                return Optional.empty();
            }
            number.append(run.digits(last));
            // One dot is a decimal point; dots among other separators are coordinates, amounts, versions.
            boolean decimals = dots == 1 || (dots > 1 && dots < gaps) || (dots == 0 && before.equals(".") && first > 0);
            boolean phone = international && number.length() <= MAX_PHONE_DIGITS;
            if (!decimals && !phone && isCard(number.toString())) {
                return Optional.of(
                        new Span(run.group(first).start(), run.group(last).end()));
            }
        }
        return Optional.empty();
    }

    private static boolean isCard(String number) {
        return number.length() >= MIN_DIGITS
                && weighted(number, 2, true) % 10 == 0
                && RANGES.stream().anyMatch(range -> range.covers(number))
                && !isProductCode(number);
    }

    /** Thirteen digits were Visa's once; today most of them are an EAN, and those from 40 to 49 are in every shop. */
    private static boolean isProductCode(String number) {
        return number.length() == 13 && weighted(number, 3, false) % 10 == 0;
    }

    /** The digits from the right, every second one times the weight; Luhn then adds the two digits of a product. */
    private static int weighted(String number, int weight, boolean luhn) {
        int sum = 0;
        for (int i = 0; i < number.length(); i++) {
            int digit = number.charAt(number.length() - 1 - i) - '0';
            int product = i % 2 == 1 ? digit * weight : digit;
            sum += luhn && product > 9 ? product - 9 : product;
        }
        return sum;
    }
}

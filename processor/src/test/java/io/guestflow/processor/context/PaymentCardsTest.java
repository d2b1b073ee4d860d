package io.guestflow.processor.context;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class PaymentCardsTest {
    /** Test numbers as payment providers publish them, and a made-up one where they publish none. */
    @ParameterizedTest(name = "{0} {1}")
    @CsvSource({
        "Visa, 4111111111111111",
        "Visa, 4242424242424242",
        "Visa with 13 digits, 4222222222222",
        "Mastercard, 5555555555554444",
        "Mastercard 2-series, 2223003122003222",
        "American Express, 378282246310005",
        "American Express, 341111111111111",
        "Diners Club, 30569309025904",
        "Diners Club, 36227206271667",
        "Diners Club, 38520000023237",
        "Discover, 6011111111111117",
        "Discover, 6445644564456445",
        "JCB, 3530111333300000",
        "JCB, 3566002020360505",
        "UnionPay, 6200000000000005",
        "UnionPay with 19 digits, 6205500000000000004",
        "Maestro, 6759649826438453",
        "Mir, 2200000000000004",
        "RuPay, 6070000000000002",
        "Troy, 9792000000000003"
    })
    void knowsTheSchemes(String scheme, String number) {
        assertTrue(PaymentCards.occurIn(number));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void findsEveryNumberOfAKnownRangeHoweverItIsGrouped(int seed) {
        Random random = new Random(seed);
        String[] prefixes = {"4", "51", "55", "2221", "2720", "6011", "65", "62", "3528", "3589", "2204"};
        String number = withLuhn(filled(prefixes[random.nextInt(prefixes.length)], 15, random));
        String text = grouped(number, random);
        assertTrue(PaymentCards.occurIn(text), text);
        assertTrue(PaymentCards.occurIn("no. " + text + ", exp 12/30"), text);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void aWrongDigitMakesItAnOrdinaryNumber(int seed) {
        Random random = new Random(seed);
        String number = withLuhn(filled("4", 15, random));
        int at = 1 + random.nextInt(15);
        char wrong = (char) ('0' + (number.charAt(at) - '0' + 1 + random.nextInt(9)) % 10);
        assertFalse(PaymentCards.occurIn(number.substring(0, at) + wrong + number.substring(at + 1)));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void takesFewOfAllNumbersForCards(int seed) {
        Random random = new Random(seed);
        int found = 0;
        for (int i = 0; i < 1000; i++) {
            found += PaymentCards.occurIn(filled("", 16, random)) ? 1 : 0;
        }
        // Luhn alone would take a hundred.
        assertTrue(found < 60, "found " + found);
    }

    static IntStream seeds() {
        return IntStream.range(0, 50);
    }

    @ParameterizedTest
    @MethodSource
    void needsIssuerAndLengthAndLuhn(String number) {
        assertFalse(PaymentCards.occurIn(number));
    }

    static Stream<String> needsIssuerAndLengthAndLuhn() {
        return Stream.of(
                withLuhn("100000000000000"), // no issuer
                withLuhn("700000000000000"),
                withLuhn("41111111111111"), // 15 digits, and Visa has none
                withLuhn("3782822463100051"), // 17 digits, and American Express has none
                "4111111111111112", // Luhn
                withLuhn("4111111111111111111")); // 20 digits
    }

    @Test
    void tellsWhereTheNumberStands() {
        assertEquals(
                Optional.of(new PaymentCards.Span(10, 29)), PaymentCards.find("12 and x: 4111 1111 1111 1111 or so"));
    }

    static String withLuhn(String digits) {
        int sum = 0;
        for (int i = 0; i < digits.length(); i++) {
            int digit = digits.charAt(digits.length() - 1 - i) - '0';
            sum += i % 2 == 1 ? digit : digit * 2 / 10 + digit * 2 % 10;
        }
        return digits + (10 - sum % 10) % 10;
    }

    private static String filled(String prefix, int length, Random random) {
        StringBuilder digits = new StringBuilder(prefix);
        while (digits.length() < length) {
            digits.append(random.nextInt(10));
        }
        return digits.toString();
    }

    private static String grouped(String number, Random random) {
        String[] separators = {" ", "-", "_", "/", " - "};
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < number.length(); i++) {
            if (i > 0 && random.nextInt(4) == 0) {
                text.append(separators[random.nextInt(separators.length)]);
            }
            text.append(number.charAt(i));
        }
        return text.toString();
    }
}

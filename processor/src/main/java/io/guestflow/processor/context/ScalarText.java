package io.guestflow.processor.context;

import java.math.BigDecimal;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** A scalar as text: the form that is measured, scanned and sent. */
final class ScalarText {
    /** What a double holds exactly: beyond it two readers of the same JSON can see two different numbers. */
    private static final int MAX_DIGITS = 15;

    private ScalarText() {}

    /** The text of a string, a boolean, or a number that {@link #decimal} has a text for; else nothing. */
    static Optional<String> of(JsonNode value) {
        if (value.isString()) {
            return Optional.of(value.stringValue());
        }
        if (value.isBoolean()) {
            return Optional.of(String.valueOf(value.booleanValue()));
        }
        return value.isNumber() && isFinite(value) ? decimal(value) : Optional.empty();
    }

    static boolean isFinite(JsonNode number) {
        return !number.isFloatingPointNumber() || number.decimalValueOpt().isPresent();
    }

    /** A finite number without exponent or needless zeros, if it has at most 15 digits on either side of the point. */
    static Optional<String> decimal(JsonNode finite) {
        BigDecimal number = finite.decimalValue().stripTrailingZeros();
        // Looked at before it is written out: 1e999999999 is short in JSON and a gigabyte in digits.
        long whole = (long) number.precision() - number.scale();
        return number.precision() > MAX_DIGITS || whole > MAX_DIGITS || number.scale() > MAX_DIGITS
                ? Optional.empty()
                : Optional.of(number.toPlainString());
    }
}

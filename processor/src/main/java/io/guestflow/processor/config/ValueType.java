package io.guestflow.processor.config;

/**
 * How the text of a setting is read.
 *
 * @param expected what a right text looks like; it follows "expected"
 * @param mayBeEmpty whether an empty text is a value (the empty list)
 */
record ValueType<T>(String expected, boolean mayBeEmpty, Parser<T> parser) {

    interface Parser<T> {
        T parse(String text) throws BadValue;
    }

    static <T> ValueType<T> of(String expected, Parser<T> parser) {
        return new ValueType<>(expected, false, parser);
    }

    static <T> ValueType<T> list(String expected, Parser<T> parser) {
        return new ValueType<>(expected, true, parser);
    }

    T parse(String text) throws BadValue {
        if (text.isBlank() && !mayBeEmpty) {
            throw new BadValue("is empty");
        }
        return parser.parse(text);
    }
}

package io.guestflow.processor.config;

/** A text that its {@link ValueType} cannot read; the message says what is wrong with it and never repeats a secret. */
final class BadValue extends Exception {
    BadValue(String whatIsWrong) {
        super(whatIsWrong, null, false, false);
    }

    String whatIsWrong() {
        return String.valueOf(getMessage());
    }
}

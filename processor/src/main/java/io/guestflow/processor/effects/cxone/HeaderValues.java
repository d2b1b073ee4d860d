package io.guestflow.processor.effects.cxone;

import org.jspecify.annotations.Nullable;

/** What may stand in a header (RFC 9110, 5.5), decided before the HTTP client throws over it. */
final class HeaderValues {

    /** Twice the budget of the context headers: what is longer was not made by our encoder. */
    static final int MAX_LENGTH = 4096;

    private HeaderValues() {}

    /** Visible ASCII, with blanks and tabs only inside. */
    static boolean safe(@Nullable String value) {
        if (value == null || value.isEmpty() || value.length() > MAX_LENGTH) {
            return false;
        }
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            boolean visible = c > ' ' && c < 0x7f;
            boolean inner = (c == ' ' || c == '\t') && i > 0 && i < value.length() - 1;
            if (!visible && !inner) {
                return false;
            }
        }
        return true;
    }

    /** Like {@link #safe}, without blanks and longer: a bearer token (RFC 6750, 2.1). */
    static boolean isToken(String value) {
        return !value.isEmpty()
                && value.length() <= 2 * MAX_LENGTH
                && value.chars().allMatch(c -> c > ' ' && c < 0x7f);
    }
}

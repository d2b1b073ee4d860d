package io.guestflow.contracts.auth;

import io.guestflow.contracts.codec.Fields;
import java.util.List;

/**
 * A context entry that was not given to the bot.
 *
 * @param key the key if it is on the allow-list, else {@code unknown#n}: a stranger's key can itself be private
 * @param reason why; the value is never told
 */
public record ContextDrop(String key, Reason reason) {
    private static final int MAX_KEY = 128;

    /** Why an entry was dropped. */
    public enum Reason {
        /** The key is not on the allow-list. */
        NOT_ALLOWED,
        /** The value is not of the key's type; objects and arrays never are. */
        WRONG_TYPE,
        /** The value is longer than the key allows. */
        TOO_LONG,
        /** The value does not match the key's pattern. */
        PATTERN_MISMATCH,
        /** The value has control characters. */
        CONTROL_CHARACTER,
        /** The value looks like an e-mail address. */
        LOOKS_LIKE_EMAIL,
        /** The value looks like a phone number. */
        LOOKS_LIKE_PHONE,
        /** The value looks like a payment card number. */
        LOOKS_LIKE_CARD
    }

    static List<ContextDrop> readAll(Fields in, String field) {
        return in.objects(field, ContextDrop::read);
    }

    /** Reads the object of that name. */
    public static ContextDrop read(Fields in) {
        return new ContextDrop(in.text("key", MAX_KEY), in.oneOf("reason", Reason.class));
    }
}

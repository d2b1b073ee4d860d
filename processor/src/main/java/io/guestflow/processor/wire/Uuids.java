package io.guestflow.processor.wire;

import java.util.HexFormat;
import java.util.Locale;

/**
 * UUIDs are the same in upper and in lower case, and CXone writes both. Wherever an id becomes a key, it must be written
 * in one way: a conversation's id as CXone answered it, as a webhook has it, and as a caller repeats it.
 */
public final class Uuids {
    private static final int LENGTH = 36;

    private Uuids() {}

    /** A UUID in lower case; any other text as it is. */
    public static String lowerCase(String id) {
        return isUuid(id) ? id.toLowerCase(Locale.ROOT) : id;
    }

    private static boolean isUuid(String id) {
        if (id.length() != LENGTH) {
            return false;
        }
        for (int i = 0; i < LENGTH; i++) {
            boolean dash = i == 8 || i == 13 || i == 18 || i == 23;
            char at = id.charAt(i);
            if (dash ? at != '-' : !HexFormat.isHexDigit(at)) {
                return false;
            }
        }
        return true;
    }
}

package io.guestflow.contracts.facts;

import io.guestflow.contracts.codec.Fields;
import org.jspecify.annotations.Nullable;

/** What analytics counts by; a dimension that is not known is absent. */
public record Dimensions(
        @Nullable String channelId,
        @Nullable String segment,
        @Nullable String campaign) {
    /** The longest dimension, in characters. */
    public static final int LONGEST = 128;

    /** Reads the object of that name. */
    public static Dimensions read(Fields in) {
        return new Dimensions(in.optionalId("channelId"), in.optionalId("segment"), in.optionalId("campaign"));
    }
}

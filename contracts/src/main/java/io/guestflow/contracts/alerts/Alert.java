package io.guestflow.contracts.alerts;

import io.guestflow.contracts.codec.Fields;
import io.guestflow.contracts.codec.JsonCodec;
import java.time.Instant;

/**
 * An alert begins or is over; told once each. On {@code guest-alerts}, compacted: the last record of a key is how the
 * alert stands.
 *
 * @param alert what is wrong
 * @param scope where: {@link #ALL}, or a channel as {@link #channel} names it
 * @param state whether it begins or is over
 * @param value the rate over the window when that was decided, from 0 to 1
 * @param threshold the rate above which it fires
 * @param windowS how long the window is, in seconds
 * @param since when the state began
 */
public record Alert(
        AlertKind alert, String scope, AlertState state, double value, double threshold, int windowS, Instant since) {
    /** Version 1. */
    public static final JsonCodec<Alert> CODEC = JsonCodec.of("guest-alert/1", Alert::read);

    /** The scope that everything is in. */
    public static final String ALL = "all";

    /** The longest scope, in characters. */
    static final int LONGEST_SCOPE = "channel:".length() + Fields.MAX_ID;

    /** The scope of what happened in a channel. */
    public static String channel(String channelId) {
        return "channel:" + channelId;
    }

    /** The key of its record: {@code alert|scope}; no alert's name has that sign. */
    public String key() {
        return alert + "|" + scope;
    }

    private static Alert read(Fields in) {
        return new Alert(
                in.oneOf("alert", AlertKind.class),
                in.text("scope", LONGEST_SCOPE),
                in.oneOf("state", AlertState.class),
                in.number("value", 0, 1),
                in.number("threshold", 0, 1),
                in.count("windowS", 1),
                in.time("since"));
    }
}

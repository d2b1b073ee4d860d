package io.guestflow.contracts.facts;

/** What a session's end may say beside its reason, where it is neither an error code nor somebody's own words. */
public final class EndDetail {
    /** With {@link EndReason#REFRESH_FAILED}: the guest became active when it was too late, or while we were away. */
    public static final String TOO_LATE = "TOO_LATE";
    /** With {@link EndReason#REFRESH_FAILED}: CXone extended the conversation without telling until when. */
    public static final String END_NOT_TOLD = "END_NOT_TOLD";
    /** With {@link EndReason#CLOSED_UPSTREAM}: no event said so; a refresh was answered that the conversation is gone. */
    public static final String GONE = "GONE";
    /** The same, where it was no refresh that was answered so but a call that gave the conversation more context. */
    public static final String GONE_FOR_CONTEXT = "GONE_FOR_CONTEXT";

    private EndDetail() {}
}

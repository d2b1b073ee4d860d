package io.guestflow.processor.analytics;

import io.guestflow.processor.wire.UnreadableState;

/** What ends the application rather than make windows wrong: somebody else wrote it, or it is damaged. */
final class Unmergeable {
    /**
     * Never "delete what guestflow-facts has": the chain of the audit records is continued from its other changelogs, and
     * would begin anew.
     */
    private static final String REMEDY =
            ". Start the version of guestflow again that has written it: nothing is lost. If"
                    + " there is no way back, stop all instances, delete the topics guestflow-facts-analytics-…-changelog and, in each"
                    + " state directory, the directory guestflow-facts, and no other changelog of guestflow-facts, because the audit's"
                    + " chain lies there; delete the records of guest-metrics-partials. Windows that are open or still take late facts"
                    + " then miss what was counted before";

    private Unmergeable() {}

    /** The error; {@code what} is wrong, without a full stop. */
    static UnreadableState because(String what) {
        return new UnreadableState(what + REMEDY);
    }
}

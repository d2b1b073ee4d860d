package io.guestflow.processor.analytics;

import io.guestflow.contracts.facts.Source;
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

    /** In an upgrade this is no damage: those that can read it take over. */
    private static final String LATER =
            ", and a window would be published without it. Upgrade this instance too, or start the later version again if"
                    + " you have gone back: nothing is lost, instances of the later version merge windows meanwhile, and nothing"
                    + " must be deleted. If there is no later version, somebody else has written that record, and no instance"
                    + " can step over it: delete it, and those before it in its partition, with kafka-delete-records, and start this"
                    + " instance again; windows then miss what had not been merged of those";

    private Unmergeable() {}

    /** The error; {@code what} is wrong, without a full stop. */
    static UnreadableState because(String what) {
        return new UnreadableState(what + REMEDY);
    }

    /** The same for a part that a later version has written while instances of both run; {@code what} as there. */
    static UnreadableState ofLaterVersion(Source part, String what) {
        return new UnreadableState(
                "the part " + part.topic() + "-" + part.partition() + "@" + part.offset() + " " + what + LATER);
    }
}

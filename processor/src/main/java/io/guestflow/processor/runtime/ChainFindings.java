package io.guestflow.processor.runtime;

import io.guestflow.contracts.Topics;
import io.guestflow.processor.runtime.AuditChains.Application;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Whether the audit may go on from what the start found, and what an operator is told of it. */
final class ChainFindings {
    private static final String AUDIT = Topics.GUEST_AUDIT.name();
    private static final String FACTS = Topics.GUEST_FACTS.name();

    private final List<FoundChain> chains;
    private final Application application;
    private final TopicCommands commands;

    ChainFindings(List<FoundChain> chains, Application application, TopicCommands commands) {
        this.chains = List.copyOf(chains);
        this.application = application;
        this.commands = commands;
    }

    /**
     * Why it may not go on; nothing if it may.
     *
     * @param goOn whether chains whose state is gone may go on from where they end
     */
    Optional<String> refusal(boolean goOn) {
        Optional<String> twice = twice();
        Optional<String> lost = goOn ? Optional.empty() : lost();
        return lost.map(why ->
                        why + twice.map(first -> ". Before that: " + first).orElse(""))
                .or(() -> twice);
    }

    /** Which chains go on from where they end; nothing if none has to. */
    Optional<String> goingOn() {
        return told(
                FoundChain::isLost,
                this::end,
                which -> "The state of the audit's chains is gone or older than " + AUDIT
                        + ". They go on, as GUESTFLOW_AUDIT_ON_LOST_STATE says, where it ends: " + which
                        + ". Set it to refuse again");
    }

    /** Where nothing is known of the facts that were audited, and nobody can be told that one comes again. */
    Optional<String> forgotten() {
        return told(
                chain -> !chain.known(),
                chain -> String.valueOf(chain.partition()),
                which -> application.known() + " has nothing of partitions " + which + ", though " + AUDIT
                        + " has records there. It was deleted, or lost: a fact that comes again is audited a second time,"
                        + " so do not have " + FACTS
                        + " read again. Restore that topic if you can; otherwise this is told"
                        + " until a fact has come in each of them");
    }

    private Optional<String> lost() {
        return told(
                FoundChain::isLost,
                this::end,
                which -> "the state of the audit's chains on " + application.heads() + " is gone or older than " + AUDIT
                        + ": " + which
                        + ". Stop all instances. Restore that topic, or find out why it is gone and check"
                        + " what is there with scripts/audit verify. Delete the state directories of "
                        + application.id()
                        + " on every instance (streams/" + application.id() + " in its GUESTFLOW_STATE_DIR): what an"
                        + " instance kept may be older still. Then start with GUESTFLOW_AUDIT_ON_LOST_STATE=continue, which"
                        + " lets the chains go on from there. Do not delete " + AUDIT);
    }

    private Optional<String> twice() {
        return told(
                        FoundChain::isAuditedAgain,
                        chain -> FACTS + "/" + chain.partition(),
                        which -> "the group " + application.id() + " has no offset of " + which
                                + ", or one of before the last fact that was audited, and what was known of those facts is"
                                + " gone: it would read them again, and audit each a second time. Stop all instances and"
                                + " run this, which has the group go on with the facts of the time of the last one that was"
                                + " audited; which of those were, the start finds: ")
                .map(why -> why
                        + chains.stream()
                                .filter(FoundChain::isAuditedAgain)
                                .map(this::goOnAt)
                                .collect(Collectors.joining(" && ")));
    }

    private String goOnAt(FoundChain chain) {
        return commands.goOnAt(
                application.id(), FACTS, chain.partition(), chain.end().at());
    }

    private String end(FoundChain chain) {
        return AUDIT + "/" + chain.partition() + " ends at number "
                + chain.end().seq() + " with hash " + chain.end().hash() + ", its state at number " + chain.state();
    }

    private Optional<String> told(
            Predicate<FoundChain> which, Function<FoundChain, String> name, Function<String, String> text) {
        String names = chains.stream().filter(which).map(name).collect(Collectors.joining(", "));
        return names.isEmpty() ? Optional.empty() : Optional.of(text.apply(names));
    }
}

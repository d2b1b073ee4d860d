package io.guestflow.contracts;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.guestflow.contracts.Samples.Sample;
import io.guestflow.contracts.audit.AuditRecord;
import io.guestflow.contracts.audit.Chain;
import io.guestflow.contracts.audit.ChainCheck;
import io.guestflow.contracts.audit.ChainCheck.Finding;
import io.guestflow.contracts.audit.ChainCheck.Finding.Kind;
import io.guestflow.contracts.audit.ChainRule;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

/** Whatever is done to a chain is found; what erasure does to it is not wrong. */
class ChainCheckTest {
    private static final int PARTITION = 3;

    /** What lies on the topic. */
    private record Lying(byte[] key, byte @Nullable [] value) {}

    private final List<Lying> topic = new ArrayList<>(Samples.of(AuditRecord.CODEC).stream()
            .map(sample -> new Lying(read(sample).auditId().getBytes(UTF_8), sample.bytes()))
            .toList());
    private ChainCheck check = new ChainCheck(PARTITION);

    @Test
    void theSamplesAreInOrder() {
        assertEquals(List.of(), findings());
        assertEquals(12, check.records());
        assertEquals(1, check.erased());
        assertEquals(12, check.seq());
        assertEquals(read(Samples.of(AuditRecord.CODEC).get(11)).chain().hash(), check.hash());
    }

    @Test
    void anEmptyPartitionIsInOrder() {
        topic.clear();
        assertEquals(List.of(), findings());
        assertEquals(0, check.seq());
    }

    @Test
    void aRecordThatIsTakenOutLeavesAGap() {
        for (int taken = 0; taken < 11; taken++) {
            Lying record = topic.remove(taken);
            assertEquals(List.of(Kind.GAP), kinds(), "taken out: " + taken);
            topic.add(taken, record);
        }
    }

    @Test
    void eachRunOfMissingNumbersIsTold() {
        topic.subList(4, 7).clear();
        topic.remove(0);
        assertEquals(
                List.of("number 1 is missing before number 2", "numbers 5 to 7 are missing before number 8"),
                findings().stream().map(Finding::what).toList());
    }

    @Test
    void anAlteredRecordIsFoundWhicheverMemberItIs() {
        for (String member : List.of("at", "event", "requestId", "guestRef", "source", "consent", "contextKeys")) {
            ObjectNode changed = json(0);
            switch (member) {
                case "at" -> changed.put(member, "2026-11-22T07:00:00.144Z");
                case "event" -> changed.put(member, "AUTH_LATE");
                default -> changed.remove(member);
            }
            set(0, changed);
            List<Kind> kinds = kinds();
            // Without its source it is no audit record at all; the next one has nothing to follow then.
            assertEquals(member.equals("source") ? List.of(Kind.UNREADABLE, Kind.GAP) : List.of(Kind.ALTERED), kinds);
            set(0, Samples.of(AuditRecord.CODEC).get(0).json());
        }
    }

    @Test
    void aRecordThatIsAlteredWithAllItsHashesBreaksTheLinkBehindIt() {
        Chain chain = AuditRecord.CODEC.read(topic.get(1).value()).chain();
        AuditRecord.Entry forged = ChainRule.next(
                ((AuditRecord.Entry) AuditRecord.CODEC.read(topic.get(2).value())).content(),
                chain.partition(),
                chain.seq(),
                chain.prevHash(),
                "another salt");
        topic.set(1, new Lying(forged.auditId().getBytes(UTF_8), AuditRecord.CODEC.write(forged)));
        assertEquals(List.of(Kind.UNLINKED), kinds());
    }

    @Test
    void aNumberThatIsGivenAgainIsFound() {
        topic.add(4, topic.get(2));
        assertEquals(List.of(Kind.REPEATED), kinds());
    }

    @Test
    void aChainThatBeginsAgainIsFound() {
        topic.addAll(List.copyOf(topic).subList(0, 2));
        assertEquals(List.of(Kind.REPEATED, Kind.REPEATED), kinds());
    }

    @Test
    void recordsThatChangedPlacesAreFound() {
        topic.add(4, topic.remove(5));
        assertEquals(Set.of(Kind.REPEATED, Kind.GAP), Set.copyOf(kinds()));
    }

    @Test
    void aRecordOfAnotherPartitionOrUnderAnotherKeyIsFound() {
        topic.set(2, new Lying("another".getBytes(UTF_8), topic.get(2).value()));
        assertEquals(List.of(Kind.ALTERED), kinds());
        check = new ChainCheck(PARTITION + 1);
        assertEquals(13, run(check).size());
    }

    @Test
    void aTombstoneAndABrokenRecordAreFoundAndTheRestIsChecked() {
        topic.add(new Lying(topic.get(2).key(), null));
        topic.add(new Lying(topic.get(2).key(), "{".getBytes(UTF_8)));
        assertEquals(List.of(Kind.TOMBSTONE, Kind.UNREADABLE), kinds());
    }

    @Test
    void whatIsErasedIsMissingInItsPlaceAndFoundWhereItWasWrittenAgain() {
        erase(6);
        erase(5);
        erase(0);
        assertEquals(List.of(), findings());
        assertEquals(4, check.erased());
    }

    @Test
    void beforeCompactionBothAreThere() {
        Lying original = topic.get(5);
        erase(5);
        topic.add(5, original);
        assertEquals(List.of(), findings());
    }

    @Test
    void anErasedRecordOfAnotherHashBreaksTheChain() {
        AuditRecord record = AuditRecord.CODEC.read(topic.remove(5).value());
        Chain chain = record.chain();
        String other = AuditRecord.CODEC.read(topic.get(0).value()).chain().contentHash();
        AuditRecord forged = new AuditRecord.Erased(
                record.auditId(), Instant.EPOCH, new Chain(PARTITION, chain.seq(), chain.prevHash(), null, other, "x"));
        forged = new AuditRecord.Erased(
                record.auditId(),
                Instant.EPOCH,
                new Chain(PARTITION, chain.seq(), chain.prevHash(), null, other, ChainRule.hashOf(forged)));
        topic.add(new Lying(forged.auditId().getBytes(UTF_8), AuditRecord.CODEC.write(forged)));
        assertEquals(List.of(Kind.UNLINKED), kinds());
    }

    /** As erasure and compaction do it: the record is gone, and what is left of it lies at the end. */
    private void erase(int index) {
        AuditRecord record = AuditRecord.CODEC.read(topic.get(index).value());
        Chain chain = record.chain();
        AuditRecord erased = new AuditRecord.Erased(
                record.auditId(),
                Instant.EPOCH,
                new Chain(PARTITION, chain.seq(), chain.prevHash(), null, chain.contentHash(), chain.hash()));
        topic.add(new Lying(topic.get(index).key(), AuditRecord.CODEC.write(erased)));
        topic.remove(index);
    }

    private List<Finding> findings() {
        check = new ChainCheck(PARTITION);
        return run(check);
    }

    private List<Finding> run(ChainCheck on) {
        List<Finding> found = new ArrayList<>();
        for (int offset = 0; offset < topic.size(); offset++) {
            found.addAll(
                    on.accept(offset, topic.get(offset).key(), topic.get(offset).value()));
        }
        found.addAll(on.end());
        return found;
    }

    private List<Kind> kinds() {
        return findings().stream().map(Finding::kind).toList();
    }

    private ObjectNode json(int index) {
        return (ObjectNode) Samples.PLAIN.readTree(topic.get(index).value());
    }

    private void set(int index, ObjectNode json) {
        topic.set(index, new Lying(topic.get(index).key(), json.toString().getBytes(UTF_8)));
    }

    private static AuditRecord read(Sample sample) {
        return AuditRecord.CODEC.read(sample.bytes());
    }
}

package io.guestflow.contracts;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.guestflow.contracts.Samples.Sample;
import io.guestflow.contracts.audit.AuditEntry;
import io.guestflow.contracts.audit.AuditEvent;
import io.guestflow.contracts.audit.AuditRecord;
import io.guestflow.contracts.audit.Chain;
import io.guestflow.contracts.audit.ChainCheck;
import io.guestflow.contracts.audit.ChainCheck.Finding;
import io.guestflow.contracts.audit.ChainCheck.Finding.Kind;
import io.guestflow.contracts.audit.ChainRule;
import io.guestflow.contracts.facts.Source;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

/** Whatever is done to a chain is found; what erasure does to it is not wrong. */
class ChainCheckTest {
    private static final int PARTITION = 3;

    /** What lies on the topic. */
    private record Lying(byte[] key, byte @Nullable [] value) {}

    /** The first samples, the last of them being erased: those that come later change nothing here. */
    private final List<Lying> topic = new ArrayList<>(Samples.of(AuditRecord.CODEC).stream()
            .limit(12)
            .map(sample -> new Lying(read(sample).auditId().getBytes(UTF_8), sample.bytes()))
            .toList());

    private final List<Chain> expected = new ArrayList<>();
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
            assertEquals(List.of(Kind.ALTERED), kinds());
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
        assertEquals(List.of(Kind.UNLINKED, Kind.REPEATED_KEY), kinds());
    }

    @Test
    void aNumberThatIsGivenAgainIsFound() {
        topic.add(4, topic.get(2));
        assertEquals(List.of(Kind.REPEATED), kinds());
    }

    @Test
    void aChainThatBeginsAgainIsFound() {
        List<AuditRecord> others = again(5);
        others.forEach(this::append);
        assertEquals(List.of(Kind.REPEATED), kinds());
        assertEquals(12, check.seq());

        // What begins again is checked, too.
        topic.remove(topic.size() - 2);
        assertEquals(List.of(Kind.REPEATED, Kind.REPEATED), kinds());
    }

    @Test
    void aChainThatBeginsAgainAndGoesFurtherIsFollowed() {
        again(20).forEach(this::append);
        assertEquals(List.of(Kind.REPEATED), kinds());
        assertEquals(20, check.seq());
        topic.remove(topic.size() - 2);
        assertEquals(List.of(Kind.REPEATED, Kind.GAP), kinds());
    }

    /** Whether or not compaction has taken the first. */
    @Test
    void aKeyThatGetsAnotherNumberIsFound() {
        Chain last = chain(10);
        AuditRecord.Entry twice = ChainRule.next(
                ((AuditRecord.Entry) AuditRecord.CODEC.read(topic.get(2).value())).content(),
                PARTITION,
                last.seq() + 1,
                last.hash(),
                "salt");
        topic.remove(topic.size() - 1);
        append(twice);
        assertEquals(List.of(Kind.REPEATED_KEY), kinds());
        topic.remove(2);
        assertEquals(List.of(Kind.GAP), kinds());
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
    void whatSaysThatItIsErasedIsFoundWhenItIsNotThatRecord() {
        Chain third = chain(2);
        Chain other = chain(3);
        for (Chain wrong : List.of(
                new Chain(PARTITION, third.seq(), third.prevHash(), null, other.contentHash(), ""),
                new Chain(PARTITION, third.seq(), other.prevHash(), null, third.contentHash(), ""))) {
            AuditRecord forged = erased("f3", wrong);
            topic.add(lying(forged));
            assertEquals(List.of(Kind.ALTERED), kinds());
            topic.remove(topic.size() - 1);
        }
        topic.add(lying(erased("another", third)));
        assertEquals(List.of(Kind.ALTERED), kinds());
    }

    @Test
    void whatIsErasedTwiceByDifferentRecordsIsFound() {
        Chain third = chain(2);
        topic.add(lying(erased(AuditRecord.CODEC.read(topic.get(2).value()).auditId(), third)));
        topic.add(topic.get(topic.size() - 1));
        assertEquals(List.of(), findings());
        assertEquals(12, check.records());

        topic.add(lying(erased("another", third)));
        assertEquals(List.of(Kind.REPEATED), kinds());
    }

    @Test
    void whatSaysThatItIsErasedAndIsNotIsFound() {
        ObjectNode content = json(2);
        content.put("erasedAt", "2026-11-22T07:00:00.000Z");
        set(2, content);
        assertEquals(List.of(Kind.ALTERED), kinds());

        ObjectNode salted = json(2);
        Set.copyOf(salted.propertyNames()).stream()
                .filter(name -> !Set.of("auditId", "erasedAt", "chain").contains(name))
                .forEach(salted::remove);
        set(2, salted);
        assertEquals(List.of(Kind.ALTERED), kinds());
    }

    @Test
    void anEventThatALaterVersionAddsIsCheckedLikeAnother() {
        ObjectNode later = json(11);
        topic.remove(topic.size() - 1);
        Chain last = chain(10);
        later.removeAll();
        later.put("auditId", "later").put("event", "KEY_ROTATED").put("number", 7);
        String contentHash = ChainRule.contentHashOf(later.toString().getBytes(UTF_8), "salt");
        ObjectNode chain = later.putObject("chain")
                .put("partition", PARTITION)
                .put("seq", 12)
                .put("prevHash", last.hash())
                .put("salt", "salt")
                .put("contentHash", contentHash);
        chain.put(
                "hash",
                ChainRule.hashOf(new AuditRecord.Erased(
                        "later", Instant.EPOCH, new Chain(PARTITION, 12, last.hash(), null, contentHash, ""))));
        topic.add(new Lying("later".getBytes(UTF_8), later.toString().getBytes(UTF_8)));
        assertEquals(List.of(), findings());
        later.put("number", 8);
        set(11, later);
        assertEquals(List.of(Kind.ALTERED), kinds());
    }

    @Test
    void anEndThatWasKeptIsFoundAgainOrMissed() {
        Chain end = chain(11);
        expected.add(end);
        expected.add(chain(4));
        assertEquals(List.of(), findings());
        erase(4);
        assertEquals(List.of(), findings());

        topic.removeIf(lying -> AuditRecord.CODEC.read(lying.value()).chain().seq() == 12);
        assertEquals(List.of(Kind.CUT), kinds());
        topic.clear();
        assertEquals(List.of(Kind.CUT, Kind.CUT), kinds());
    }

    @Test
    void whateverIsDoneToAChainIsFound() {
        for (int seed = 0; seed < 3_000; seed++) {
            Random random = new Random(seed);
            List<Lying> whole = List.copyOf(topic);
            if (random.nextBoolean()) {
                erase(random.nextInt(11));
            }
            Chain end = chainOf(topic, 12);
            List<Lying> before = List.copyOf(topic);
            String done = tamper(random);
            boolean changed = !same(before, topic);
            expected.clear();
            expected.add(end);
            assertEquals(changed, !findings().isEmpty(), "seed " + seed + ": " + done + " " + findings());
            topic.clear();
            topic.addAll(whole);
        }
    }

    private String tamper(Random random) {
        int at = random.nextInt(topic.size());
        int other = random.nextInt(topic.size());
        return switch (random.nextInt(6)) {
            case 0 -> {
                topic.remove(at);
                yield "took out " + at;
            }
            case 1 -> {
                // An erased record may lie anywhere behind the one before it.
                Collections.swap(topic, 0, 1);
                Collections.swap(topic, 2, 3);
                yield "swapped the first";
            }
            case 2 -> {
                topic.add(new Lying(topic.get(at).key(), null));
                yield "deleted " + at;
            }
            case 3 -> {
                // When it was erased no hash tells.
                int entry = random.nextInt(10);
                byte[] value = topic.get(entry).value().clone();
                int bit = random.nextInt(value.length * 8);
                value[bit / 8] ^= (byte) (1 << bit % 8);
                topic.set(entry, new Lying(topic.get(entry).key(), value));
                yield "turned bit " + bit + " of " + entry;
            }
            case 4 -> {
                topic.set(at, new Lying(topic.get(other).key(), topic.get(at).value()));
                yield "gave " + at + " the key of " + other;
            }
            default -> {
                topic.set(at, topic.get(other));
                yield "wrote " + other + " over " + at;
            }
        };
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

    /** Other records, numbered from 1 on. */
    private static List<AuditRecord> again(int count) {
        List<AuditRecord> chained = new ArrayList<>();
        String prevHash = null;
        for (int seq = 1; seq <= count; seq++) {
            AuditRecord.Entry next = ChainRule.next(content("again-" + seq), PARTITION, seq, prevHash, "salt");
            prevHash = next.chain().hash();
            chained.add(next);
        }
        return chained;
    }

    private static AuditEntry content(String auditId) {
        return new AuditEntry(
                auditId,
                Instant.EPOCH,
                AuditEvent.GUEST_LINKED,
                null,
                "conversation",
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                List.of(),
                List.of(),
                null,
                new Source("topic", 0, 0));
    }

    private void append(AuditRecord record) {
        topic.add(lying(record));
    }

    private static Lying lying(AuditRecord record) {
        return new Lying(record.auditId().getBytes(UTF_8), AuditRecord.CODEC.write(record));
    }

    /** With the hash that it must have. */
    private static AuditRecord erased(String auditId, Chain chain) {
        String hash = ChainRule.hashOf(new AuditRecord.Erased(auditId, Instant.EPOCH, chain));
        return new AuditRecord.Erased(
                auditId,
                Instant.EPOCH,
                new Chain(chain.partition(), chain.seq(), chain.prevHash(), null, chain.contentHash(), hash));
    }

    private Chain chain(int index) {
        return AuditRecord.CODEC.read(topic.get(index).value()).chain();
    }

    private static Chain chainOf(List<Lying> topic, long seq) {
        return topic.stream()
                .map(lying -> AuditRecord.CODEC.read(lying.value()).chain())
                .filter(chain -> chain.seq() == seq)
                .findFirst()
                .orElseThrow();
    }

    private static boolean same(List<Lying> one, List<Lying> other) {
        return one.size() == other.size()
                && IntStream.range(0, one.size())
                        .allMatch(i ->
                                Arrays.equals(one.get(i).key(), other.get(i).key())
                                        && Arrays.equals(
                                                one.get(i).value(), other.get(i).value()));
    }

    private List<Finding> findings() {
        check = new ChainCheck(PARTITION);
        expected.forEach(end -> check.expect(end.seq(), end.hash()));
        return run(check);
    }

    private List<Finding> run(ChainCheck on) {
        List<Finding> found = new ArrayList<>();
        for (int offset = 0; offset < topic.size(); offset++) {
            found.addAll(
                    on.accept(offset, topic.get(offset).key(), topic.get(offset).value()));
        }
        if (on.mustLookAgain()) {
            for (int offset = 0; offset < topic.size(); offset++) {
                on.lookAgain(offset, topic.get(offset).value());
            }
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

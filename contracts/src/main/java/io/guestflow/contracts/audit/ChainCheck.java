package io.guestflow.contracts.audit;

import io.guestflow.contracts.audit.ChainCheck.Finding.Kind;
import io.guestflow.contracts.codec.ContractViolation;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Checks the chain of one partition of {@code guest-audit}, whose committed records it is given from the first to the last
 * in the order of their offsets. What it may rely on, because a fact is known again before it is numbered: each number is
 * given once, in the order of the offsets, and compaction has no two records of a key to choose from. The only record out
 * of its turn is one that was erased: it lies where it was written again, and after compaction is missing where it was.
 * Until then both lie there, and what was erased must be looked at again: {@link #mustLookAgain}.
 *
 * <p>That the end of the chain was cut off it sees only if it is told of an earlier end: {@link #expect}.
 *
 * <p>Of each record it keeps about 16 bytes, by which it knows keys again.
 *
 * <p>Threading: one thread.
 */
public final class ChainCheck {
    private final int partition;
    private final List<Gap> gaps = new ArrayList<>();
    private final RewrittenRecords rewritten = new RewrittenRecords();
    private final SeenKeys keys = new SeenKeys();
    /** Hashes that were kept, by their numbers; what is found again goes. */
    private final Map<Long, List<String>> expected = new TreeMap<>();

    private final List<Finding> findings = new ArrayList<>();
    private long seq;
    private @Nullable String hash;
    private @Nullable End again;
    private long read;
    private long erased;

    /** Of a partition that is read from its beginning. */
    public ChainCheck(int partition) {
        this.partition = partition;
    }

    /**
     * Something that is wrong.
     *
     * @param offset of the record that shows it; -1 if no record does
     * @param what for a person; never a piece of the record's content
     */
    public record Finding(Kind kind, int partition, long offset, String what) {
        /** What is wrong. */
        public enum Kind {
            /** Numbers are missing. */
            GAP,
            /** A number was given again. */
            REPEATED,
            /** A key was given another number: compaction will take one of the two. */
            REPEATED_KEY,
            /** A record is not what was hashed. */
            ALTERED,
            /** A record does not follow the one before it. */
            UNLINKED,
            /** A record is not what the contract says. */
            UNREADABLE,
            /** A key was deleted. */
            TOMBSTONE,
            /** What was there at an earlier time is not there now. */
            CUT
        }
    }

    /** Numbers that did not come in their turn, and what stands on both sides of them. */
    private record Gap(
            long from,
            long to,
            @Nullable String before,
            @Nullable String after,
            long offset) {}

    /** Where a chain ends. */
    private record End(long seq, String hash) {}

    /** The record with that number must have that hash. */
    public void expect(long number, String hashThen) {
        expected.computeIfAbsent(number, absent -> new ArrayList<>()).add(hashThen);
    }

    /** The next record; returns what is wrong with it. */
    public List<Finding> accept(long offset, byte @Nullable [] key, byte @Nullable [] value) {
        findings.clear();
        read++;
        if (value == null) {
            find(Kind.TOMBSTONE, offset, "a record was deleted: its number is missing from now on");
            return List.copyOf(findings);
        }
        ChainedRecord record;
        try {
            record = ChainedRecord.read(value);
            checkHashes(offset, key, value, record);
        } catch (ContractViolation violation) {
            find(Kind.UNREADABLE, offset, String.valueOf(violation.getMessage()));
            return List.copyOf(findings);
        }
        checkLink(offset, record);
        return List.copyOf(findings);
    }

    /** After the last record: whether all have to be given to {@link #lookAgain} too, before the {@link #end}. */
    public boolean mustLookAgain() {
        gaps.forEach(gap -> rewritten.fill(gap.from, gap.to));
        return rewritten.areToBeFound();
    }

    /** Looks for what was erased and is still there. */
    public void lookAgain(long offset, byte @Nullable [] value) {
        if (value == null) {
            return;
        }
        try {
            ChainedRecord record = ChainedRecord.read(value);
            rewritten.lookAt(offset, record.chain().seq(), record.chain().hash());
        } catch (ContractViolation violation) {
            // Found the first time.
            return;
        }
    }

    /** That was all; returns what only the whole shows. */
    public List<Finding> end() {
        findings.clear();
        gaps.forEach(gap -> rewritten.fill(gap.from, gap.to));
        gaps.forEach(this::checkGap);
        rewritten
                .notFound()
                .forEach((number, offset) -> find(
                        Kind.ALTERED,
                        offset,
                        "number " + number + " is erased by a record that does not have its chain: erased, it would be"
                                + " missing"));
        expected.forEach((number, hashes) -> hashes.forEach(missing -> find(
                Kind.CUT,
                -1,
                "number " + number + " with the hash " + missing
                        + " was there before, and is not: the end was cut off, or" + " the topic made anew")));
        return List.copyOf(findings);
    }

    /** How many records there are; one that was erased and is still there counts once. */
    public long records() {
        return read - rewritten.found();
    }

    /** How many of them have been erased. */
    public long erased() {
        return erased;
    }

    /** The highest number; 0 if there was none. */
    public long seq() {
        return seq;
    }

    /** The hash of the record with that number. */
    public @Nullable String hash() {
        return hash;
    }

    private void checkHashes(long offset, byte @Nullable [] key, byte[] value, ChainedRecord record) {
        Chain chain = record.chain();
        if (!Arrays.equals(key, record.auditId().getBytes(StandardCharsets.UTF_8))) {
            find(Kind.ALTERED, offset, "number " + chain.seq() + " has another key than its auditId");
        }
        if (chain.partition() != partition) {
            find(Kind.ALTERED, offset, "number " + chain.seq() + " is of partition " + chain.partition());
        }
        if (!chain.hash().equals(record.hash())) {
            find(Kind.ALTERED, offset, "number " + chain.seq() + " has a hash that is not its chain's");
        }
        if (record.erased()) {
            erased++;
            if (!record.erasedAsAWhole()) {
                find(Kind.ALTERED, offset, "number " + chain.seq() + " says that it is erased, and has more than that");
            }
        } else if (!chain.contentHash().equals(ChainRule.contentHashOf(value, chain.salt()))) {
            find(Kind.ALTERED, offset, "number " + chain.seq() + " has a content that is not the one that was hashed");
        }
    }

    private void checkLink(long offset, ChainedRecord record) {
        Chain chain = record.chain();
        long number = chain.seq();
        meet(number, chain.hash());
        if (record.erased() && number <= seq) {
            if (!rewritten.add(number, offset, chain.prevHash(), chain.hash())) {
                find(Kind.REPEATED, offset, "number " + number + " is erased twice, by different records");
            }
            return;
        }
        boolean newKey = keys.add(record.auditId());
        if (number == seq + 1 && Objects.equals(chain.prevHash(), hash)) {
            advance(number, chain.hash());
        } else if (again != null
                && number == again.seq + 1
                && chain.prevHash() != null
                && chain.prevHash().equals(again.hash)) {
            // A chain that began again was told of where it did.
            again = new End(number, chain.hash());
            if (number > seq) {
                advance(number, chain.hash());
                again = null;
            }
        } else if (number <= seq) {
            find(Kind.REPEATED, offset, "number " + number + " comes again, after " + seq);
            again = new End(number, chain.hash());
            return;
        } else {
            if (number > seq + 1) {
                gaps.add(new Gap(seq + 1, number - 1, hash, chain.prevHash(), offset));
            } else {
                unlinked(offset, number);
            }
            advance(number, chain.hash());
        }
        if (!newKey) {
            find(
                    Kind.REPEATED_KEY,
                    offset,
                    "number " + number
                            + " has a key that another number has: the fact was audited twice, and compaction will"
                            + " take the first record");
        }
    }

    private void advance(long number, String itsHash) {
        seq = number;
        hash = itsHash;
    }

    private void meet(long number, String itsHash) {
        List<String> hashes = expected.get(number);
        if (hashes != null) {
            hashes.removeIf(itsHash::equals);
        }
    }

    /** Erased records may lie later; with them the chain must go from one side of the gap to the other. */
    private void checkGap(Gap gap) {
        var filling = rewritten.within(gap.from, gap.to);
        if (filling.size() < gap.to - gap.from + 1) {
            long next = gap.from;
            for (long there : filling.keySet()) {
                missing(gap, next, there - 1);
                next = there + 1;
            }
            missing(gap, next, gap.to);
            return;
        }
        String before = gap.before;
        for (var link : filling.entrySet()) {
            if (!Objects.equals(link.getValue().prevHash(), before)) {
                unlinked(link.getValue().offset(), link.getKey());
            }
            before = link.getValue().hash();
        }
        if (!Objects.equals(gap.after, before)) {
            unlinked(gap.offset, gap.to + 1);
        }
    }

    private void unlinked(long offset, long number) {
        find(Kind.UNLINKED, offset, "number " + number + " does not follow the record before it");
    }

    private void missing(Gap gap, long from, long to) {
        if (from <= to) {
            String numbers = from == to ? "number " + from + " is" : "numbers " + from + " to " + to + " are";
            find(Kind.GAP, gap.offset, numbers + " missing before number " + (gap.to + 1));
        }
    }

    private void find(Kind kind, long offset, String what) {
        findings.add(new Finding(kind, partition, offset, what));
    }
}

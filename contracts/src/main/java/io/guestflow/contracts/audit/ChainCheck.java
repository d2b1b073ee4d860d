package io.guestflow.contracts.audit;

import io.guestflow.contracts.audit.ChainCheck.Finding.Kind;
import io.guestflow.contracts.codec.ContractViolation;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Checks the chain of one partition of {@code guest-audit}, whose committed records it is given from the first to the last
 * in the order of their offsets. What it may rely on, because a fact is known again before it is numbered: each number is
 * given once, in the order of the offsets, and compaction has no two records of a key to choose from. The only record out
 * of its turn is one that was erased: it lies where it was written again, and after compaction is missing where it was.
 *
 * <p>What it cannot see is that the end of the chain was cut off: whoever wants to, keeps {@link #seq} and {@link #hash}
 * of an earlier check elsewhere, and finds them again.
 *
 * <p>Threading: one thread.
 */
public final class ChainCheck {
    private final int partition;
    private final List<Gap> gaps = new ArrayList<>();
    /** Those out of their turn, by their number. */
    private final NavigableMap<Long, Link> erasedLater = new TreeMap<>();

    private final List<Finding> findings = new ArrayList<>();
    private long seq;
    private @Nullable String hash;
    private long records;
    private long erased;

    /** Of a partition that is read from its beginning. */
    public ChainCheck(int partition) {
        this.partition = partition;
    }

    /**
     * Something that is wrong.
     *
     * @param offset of the record that shows it
     * @param what for a person; never a piece of the record's content
     */
    public record Finding(Kind kind, int partition, long offset, String what) {
        /** What is wrong. */
        public enum Kind {
            /** Numbers are missing. */
            GAP,
            /** A number was given again. */
            REPEATED,
            /** A record is not what was hashed. */
            ALTERED,
            /** A record does not follow the one before it. */
            UNLINKED,
            /** A record is not what the contract says. */
            UNREADABLE,
            /** A key was deleted. */
            TOMBSTONE
        }
    }

    private record Link(long offset, @Nullable String prevHash, String hash) {}

    /** Numbers that did not come in their turn, and what stands on both sides of them. */
    private record Gap(
            long from,
            long to,
            @Nullable String before,
            @Nullable String after,
            long offset) {}

    /** The next record; returns what is wrong with it. */
    public List<Finding> accept(long offset, byte @Nullable [] key, byte @Nullable [] value) {
        findings.clear();
        records++;
        if (value == null) {
            find(Kind.TOMBSTONE, offset, "a record was deleted: its number is missing from now on");
            return List.copyOf(findings);
        }
        AuditRecord record;
        try {
            record = AuditRecord.CODEC.read(value);
            checkHashes(offset, key, value, record);
        } catch (ContractViolation violation) {
            find(Kind.UNREADABLE, offset, String.valueOf(violation.getMessage()));
            return List.copyOf(findings);
        }
        checkLink(offset, record);
        return List.copyOf(findings);
    }

    /** That was all; returns what only the whole shows. */
    public List<Finding> end() {
        findings.clear();
        gaps.forEach(this::checkGap);
        return List.copyOf(findings);
    }

    /** How many records there were. */
    public long records() {
        return records;
    }

    /** How many of them had been erased. */
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

    private void checkHashes(long offset, byte @Nullable [] key, byte[] value, AuditRecord record) {
        Chain chain = record.chain();
        if (!Arrays.equals(key, record.auditId().getBytes(StandardCharsets.UTF_8))) {
            find(Kind.ALTERED, offset, "number " + chain.seq() + " has another key than its auditId");
        }
        if (chain.partition() != partition) {
            find(Kind.ALTERED, offset, "number " + chain.seq() + " is of partition " + chain.partition());
        }
        if (!chain.hash().equals(ChainRule.hashOf(record))) {
            find(Kind.ALTERED, offset, "number " + chain.seq() + " has a hash that is not its chain's");
        }
        if (record instanceof AuditRecord.Entry entry) {
            if (!chain.contentHash().equals(ChainRule.contentHashOf(value, chain.salt()))) {
                find(
                        Kind.ALTERED,
                        offset,
                        "number " + chain.seq() + " (" + entry.content().event()
                                + ") has a content that is not the one that was hashed");
            }
        } else {
            erased++;
        }
    }

    private void checkLink(long offset, AuditRecord record) {
        Chain chain = record.chain();
        if (chain.seq() <= seq) {
            if (record instanceof AuditRecord.Erased) {
                erasedLater.put(chain.seq(), new Link(offset, chain.prevHash(), chain.hash()));
            } else {
                find(Kind.REPEATED, offset, "number " + chain.seq() + " comes again, after " + seq);
            }
            return;
        }
        if (chain.seq() > seq + 1) {
            gaps.add(new Gap(seq + 1, chain.seq() - 1, hash, chain.prevHash(), offset));
        } else if (!Objects.equals(chain.prevHash(), hash)) {
            find(Kind.UNLINKED, offset, "number " + chain.seq() + " does not follow the record before it");
        }
        seq = chain.seq();
        hash = chain.hash();
    }

    /** Erased records may lie later; with them the chain must go from one side of the gap to the other. */
    private void checkGap(Gap gap) {
        NavigableMap<Long, Link> filling = erasedLater.subMap(gap.from, true, gap.to, true);
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
            if (!Objects.equals(link.getValue().prevHash, before)) {
                unlinked(link.getValue().offset, link.getKey());
            }
            before = link.getValue().hash;
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

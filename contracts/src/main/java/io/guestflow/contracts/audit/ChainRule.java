package io.guestflow.contracts.audit;

import io.guestflow.contracts.codec.CanonicalJson;
import io.guestflow.contracts.codec.ContractViolation;
import io.guestflow.contracts.codec.JsonCodec;
import io.guestflow.contracts.codec.StrictJson;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * How the records of a partition are chained. Whoever has the topic can check it, without a key:
 *
 * <pre>
 * content     = the record without its member "chain", as canonical JSON
 * contentHash = b64(SHA-256(salt || LF || content))
 * hash        = b64(SHA-256(canonical JSON of {"auditId", "contentHash", "partition", "prevHash", "seq"}))
 * </pre>
 *
 * Canonical JSON is that of RFC 8785, in UTF-8: members sorted, no white space; every number in a record is whole. b64 is
 * base64url without padding, LF the byte 0A, and salt the UTF-8 of {@code chain.salt}. {@code auditId} is the record's,
 * the rest stands in {@code chain}. In the first record of a partition {@code seq} is 1 and {@code prevHash} is absent,
 * in {@code hash} too; in every other one {@code prevHash} is {@code hash} of the record with {@code seq - 1}.
 *
 * <p>A record whose content and salt were erased keeps its {@code contentHash}, so its {@code hash} and the chain can
 * still be checked. Members that a later version adds to the content are part of {@code contentHash} by themselves; what
 * it adds to {@code chain}, such as a signature of {@code hash} and the id of its key, is part of neither.
 *
 * <p>Threading: any thread.
 */
public final class ChainRule {
    private static final String CHAIN = "chain";
    /** Behind the content's last member; content always has some. */
    private static final byte[] CHAIN_MEMBER = (",\"" + CHAIN + "\":").getBytes(StandardCharsets.UTF_8);

    private ChainRule() {}

    /**
     * The record that comes next in a chain.
     *
     * @param seq 1 for the first record of the partition
     * @param prevHash the hash of the record before; null for the first
     */
    public static AuditRecord.Entry next(
            AuditEntry content, int partition, long seq, @Nullable String prevHash, String salt) {
        return link(content, CanonicalJson.of(content), partition, seq, prevHash, salt);
    }

    /**
     * A record, and the value that it is on the topic: what was hashed of it, byte for byte, and behind that its chain.
     */
    public record Written(AuditRecord.Entry record, byte[] value) {}

    /** The same as {@link #next}, and written. */
    public static Written writeNext(
            AuditEntry content, int partition, long seq, @Nullable String prevHash, String salt) {
        byte[] hashed = CanonicalJson.of(content);
        AuditRecord.Entry record = link(content, hashed, partition, seq, prevHash, salt);
        byte[] chain = CanonicalJson.of(record.chain());
        byte[] value = ByteBuffer.allocate(hashed.length + CHAIN_MEMBER.length + chain.length)
                .put(hashed, 0, hashed.length - 1)
                .put(CHAIN_MEMBER)
                .put(chain)
                .put((byte) '}')
                .array();
        return new Written(record, value);
    }

    private static AuditRecord.Entry link(
            AuditEntry content, byte[] hashed, int partition, long seq, @Nullable String prevHash, String salt) {
        String contentHash = contentHash(hashed, salt);
        return new AuditRecord.Entry(
                content,
                new Chain(
                        partition,
                        seq,
                        prevHash,
                        salt,
                        contentHash,
                        hash(content.auditId(), partition, seq, prevHash, contentHash)));
    }

    /** What {@code chain.hash} of a record must be, by the rest of its chain. */
    public static String hashOf(AuditRecord record) {
        Chain chain = record.chain();
        return hash(record.auditId(), chain.partition(), chain.seq(), chain.prevHash(), chain.contentHash());
    }

    /**
     * What {@code chain.contentHash} of a record must be, by what it tells: of the bytes as they lie on the topic, so that
     * what this version does not know of counts too.
     *
     * @throws ContractViolation if they are no JSON object of the contracts', or have a number that no record has
     */
    public static String contentHashOf(byte[] value, @Nullable String salt) {
        ObjectNode content = StrictJson.object(AuditRecord.CODEC.schema(), JsonCodec.MAX_BYTES, value);
        content.remove(CHAIN);
        return contentHash(CanonicalJson.of(AuditRecord.CODEC.schema(), content), salt);
    }

    private static String contentHash(byte[] content, @Nullable String salt) {
        MessageDigest digest = sha256();
        digest.update(((salt == null ? "" : salt) + "\n").getBytes(StandardCharsets.UTF_8));
        return base64(digest.digest(content));
    }

    static String hash(String auditId, int partition, long seq, @Nullable String prevHash, String contentHash) {
        Link link = new Link(auditId, contentHash, partition, prevHash, seq);
        return base64(sha256().digest(CanonicalJson.of(link)));
    }

    /** What links a record to the one before. */
    private record Link(
            String auditId,
            String contentHash,
            int partition,
            @Nullable String prevHash,
            long seq) {}

    private static String base64(byte[] digest) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            // Every Java platform has SHA-256 (java.security.MessageDigest's requirements).
            throw new IllegalStateException("SHA-256 is not usable on this JDK", impossible);
        }
    }
}

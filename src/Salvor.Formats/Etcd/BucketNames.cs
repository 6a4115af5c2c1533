namespace Salvor.Formats.Etcd;

/// <summary>The buckets of etcd's backend. They are made when first needed: a missing one reads as empty.</summary>
public static class BucketNames
{
    public static ReadOnlySpan<byte> Alarm => "alarm"u8;

    public static ReadOnlySpan<byte> Auth => "auth"u8;

    public static ReadOnlySpan<byte> AuthRoles => "authRoles"u8;

    public static ReadOnlySpan<byte> AuthUsers => "authUsers"u8;

    public static ReadOnlySpan<byte> Cluster => "cluster"u8;

    public static ReadOnlySpan<byte> Key => "key"u8;

    public static ReadOnlySpan<byte> Lease => "lease"u8;

    public static ReadOnlySpan<byte> Members => "members"u8;

    public static ReadOnlySpan<byte> MembersRemoved => "members_removed"u8;

    public static ReadOnlySpan<byte> Meta => "meta"u8;
}

using Salvor.Formats.Bbolt;
using Salvor.Formats.Etcd;
using Salvor.Formats.Findings;

namespace Salvor.Verify;

/// <summary>Checks the entries of every bucket but <c>key</c>, and keeps what a report shows of them.</summary>
internal sealed class SmallBuckets(string source, IFindingSink findings)
{
    private const int KeptMax = 10_000;

    private BackendMeta _meta = new();

    public HashSet<long> Leases { get; } = [];

    public List<MemberRecord> Members { get; } = [];

    public List<AlarmRecord> Alarms { get; } = [];

    public bool AuthEnabled { get; private set; }

    /// <summary>What the members agreed to run as, such as 3.5; null where none is stored, or is no version.</summary>
    public Version? ClusterVersion { get; private set; }

    public void Add(Bucket bucket, LeafElement element, long offset)
    {
        var isGood = bucket.NameText switch
        {
            "alarm" => AddAlarm(element),
            "auth" => AddAuth(element),
            "cluster" => AddCluster(element),
            "lease" => AddLease(element),
            "members" => AddMember(element),
            "meta" => _meta.TryAdd(element.Key, element.Value, out _meta),
            "authRoles" or "authUsers" or "members_removed" => true,
            _ => ReportUnknown(bucket, offset),
        };
        if (!isGood)
        {
            findings.Report(new Finding(Severity.Error, $"{bucket.NameText}.entry", source, offset,
                $"the entry {KeyText.Show(element.Key)} of bucket \"{bucket.NameText}\" can't be read"));
        }
    }

    private bool AddAlarm(LeafElement element)
    {
        if (!AlarmRecord.TryRead(element.Key, out var alarm))
        {
            return false;
        }

        if (Alarms.Count < KeptMax)
        {
            Alarms.Add(alarm);
        }

        findings.Report(new Finding(Severity.Warning, "alarm.raised", source, null,
            $"member {alarm.Member} has raised the alarm {alarm.Kind}: "
            + "etcd would refuse writes (a restore clears it)"));
        return true;
    }

    private bool AddAuth(LeafElement element)
    {
        AuthEnabled |= element.Key.SequenceEqual("authEnabled"u8) && element.Value is [1];
        return true;
    }

    private bool AddCluster(LeafElement element)
    {
        if (element.Key.SequenceEqual("clusterVersion"u8)
            && Version.TryParse(System.Text.Encoding.UTF8.GetString(element.Value), out var version))
        {
            ClusterVersion = version;
        }

        return true;
    }

    private bool AddLease(LeafElement element)
    {
        if (!LeaseRecord.TryRead(element.Key, element.Value, out var lease))
        {
            return false;
        }

        Leases.Add(lease.Id);
        return true;
    }

    private bool AddMember(LeafElement element)
    {
        var member = MemberRecord.TryRead(element.Value);
        if (member is null || member.Id.ToString() != System.Text.Encoding.ASCII.GetString(element.Key))
        {
            return false;
        }

        if (Members.Count < KeptMax)
        {
            Members.Add(member);
        }

        return true;
    }

    private bool ReportUnknown(Bucket bucket, long offset)
    {
        if (bucket.NameText is not "key" && _reported.Add(bucket.NameText))
        {
            findings.Report(new Finding(Severity.Info, "bucket.unknown", source, offset,
                $"bucket \"{KeyText.Show(bucket.Name)}\" is none of etcd's; its entries are kept as they are"));
        }

        return true;
    }

    private readonly HashSet<string> _reported = [];
}

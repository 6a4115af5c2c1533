using System.Globalization;
using Salvor.Formats.Etcd;
using Salvor.Formats.Raft;
using Salvor.Tests.Etcd.Replay;
using Salvor.Tests.RaftWal;
using Salvor.Tests.Support;

namespace Salvor.Tests.Restore.Salvage;

/// <summary>
/// The life of a restored member: the same data to begin with, whatever the seed, and changes that only this seed
/// makes.
/// </summary>
/// <remarks>Entry 1 is the member's own, entry 2 and those after it change one key each.</remarks>
internal sealed class RestoredHistory
{
    public const int BaseKeys = 60;

    private const int Keys = 20;

    private static readonly ulong Member = WalSample.Owner.MemberId;

    private readonly List<(string Key, string? Value)> _changes = [];

    public RestoredHistory(int seed, int changes)
    {
        var random = new Random(seed);
        var live = new HashSet<string>();
        for (var i = 0; i < changes; i++)
        {
            var key = string.Create(CultureInfo.InvariantCulture, $"/changed/{random.Next(Keys)}");
            var isPut = live.Add(key) || random.Next(5) > 0;
            _changes.Add((key, isPut ? Value(random) : null));
            if (!isPut)
            {
                live.Remove(key);
            }
        }
    }

    public ulong LastIndex => (ulong)_changes.Count + 1;

    /// <summary>The log as a restore begins it, and all changes.</summary>
    public WalSample Log()
    {
        var log = new WalSample().MemberChange(1, new ConfChange(0, ConfChangeKind.AddVoter, Member, default))
            .State(new HardState(1, Member, 1)).Snapshot(1);
        for (var i = 0; i < _changes.Count; i++)
        {
            var (key, value) = _changes[i];
            log.Entry((ulong)i + 2, value is null ? Request.Delete(key) : Request.Put(key, value));
        }

        return log.State(new HardState(1, Member, LastIndex));
    }

    /// <summary>The database when everything up to an entry is in it.</summary>
    public SampleDatabase At(ulong index)
    {
        var database = new SampleDatabase();
        for (var i = 0; i < BaseKeys; i++)
        {
            database.Put(i + 2, string.Create(CultureInfo.InvariantCulture, $"/base/{i:d3}"), new string('b', 700));
        }

        var states = new Dictionary<string, (long Created, long Version)>();
        for (var i = 0; i < (int)index - 1; i++)
        {
            var main = BaseKeys + 2L + i;
            var (key, value) = _changes[i];
            if (value is null)
            {
                database.Delete(main, key);
                states.Remove(key);
                continue;
            }

            var (created, version) = states.TryGetValue(key, out var state) ? state : (main, 0);
            states[key] = (created, version + 1);
            database.Put(main, key, value, created, version + 1);
        }

        database.Add("meta", "consistent_index", SampleDatabase.BigEndian(index));
        database.Add("meta", "term", SampleDatabase.BigEndian(1));
        var member = new MemberRecord(new MemberId(Member), ["http://n1:2380"]) { Name = "n1" };
        database.Add("members", Member.ToString("x", CultureInfo.InvariantCulture), member.ToJson());
        return database;
    }

    /// <summary>What a salvage that lost nothing up to an entry must hold.</summary>
    public List<string> EntriesAt(ulong index) => SalvageScene.EntriesOf(At(index).ToImage());

    private static string Value(Random random)
    {
        var bytes = new byte[random.Next(8, 400)];
        random.NextBytes(bytes);
        return Convert.ToHexStringLower(bytes);
    }
}

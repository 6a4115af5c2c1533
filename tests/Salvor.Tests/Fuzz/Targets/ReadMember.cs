using System.Text;
using Salvor.Formats.Etcd;

namespace Salvor.Tests.Fuzz.Targets;

/// <summary>A member's JSON: what is read can be written and read again.</summary>
internal sealed class ReadMember : FuzzTarget
{
    private static readonly string[] Texts =
    [
        "\\ud800", "\\u0000", "\"id\":1e400,", "\"id\":-1,", "18446744073709551616", "null", "[[[[", "{",
            "\"name\":[],", "//", "\u00e9",
    ];

    public override IReadOnlyList<byte[]> Words =>
        [.. Texts.Select(Encoding.UTF8.GetBytes), [0xED, 0xA0, 0x80], [0xFF]];

    public override void Run(IReadOnlyList<byte[]> files, Random random)
    {
        if (MemberRecord.TryRead(files[0]) is { } member)
        {
            var again = MemberRecord.TryRead(member.ToJson());
            Assert.NotNull(again);
            Assert.Equal((member.Id, member.Name, member.IsLearner), (again.Id, again.Name, again.IsLearner));
            Assert.Equal(member.PeerUrls, again.PeerUrls);
        }
    }

    public override bool IsAllowed(Exception e) => false;

    protected override IReadOnlyList<Sample> MakeSamples() =>
    [
        new("member", new MemberRecord(new MemberId(ulong.MaxValue), ["http://127.0.0.1:2380", "http://[::1]:2380"])
        {
            Name = "n\u00e9\"1",
            IsLearner = true,
            ClientUrls = ["http://127.0.0.1:2379"],
        }.ToJson()),
        new("deep", Encoding.UTF8.GetBytes("{\"id\":1,\"x\":" + new string('[', 60) + new string(']', 60) + "}")),
    ];
}

using System.Text;
using Salvor.Formats.Etcd;
using Salvor.Inspect;

namespace Salvor.Tests.Fuzz.Targets;

/// <summary>Values and keys as a terminal is shown them.</summary>
internal sealed class ShowValue : FuzzTarget
{
    public override IReadOnlyList<byte[]> Words =>
        [[0x0A], [0x0A, 2, 8, 1], [0x1B, (byte)'['], [0xE2, 0x80, 0xAE], [0xED, 0xA0, 0x80], [0xFF]];

    public override void Run(IReadOnlyList<byte[]> files, Random random)
    {
        var value = files[0];
        Assert.NotNull(ValueText.Of(value).Text);
        Assert.DoesNotContain(KeyText.Show(value), c => char.IsControl(c));
        Assert.NotNull(ResourceName.Of(value).Resource);
    }

    protected override IReadOnlyList<Sample> MakeSamples() =>
    [
        new("pod", [.. "k8s\0"u8, 10, 9, 10, 2, .. "v1"u8, 18, 3, .. "Pod"u8, 18, 12, 10, 10, 10, 3, .. "pod"u8, 24, 1,
            45, 1, 2, 3, 26, 0, 34, 0]),
        new("encrypted", Encoding.UTF8.GetBytes("k8s:enc:aescbc:v1:key1:\u00ff\u0001\u0002")),
        new("json", "{\"a\":[1,2,{\"b\":null}]}"u8.ToArray()),
        new("key", "/registry/apps.example.com/widgets/default/one"u8.ToArray()),
        new("nested", Nested(40)),
    ];

    private static byte[] Nested(int depth)
    {
        byte[] message = [8, 1, 0x19, 1, 2, 3, 4, 5, 6, 7, 8];
        for (; depth > 0; depth--)
        {
            message = [10, (byte)Math.Min(message.Length, 127), .. message.AsSpan(0, Math.Min(message.Length, 127))];
        }

        return message;
    }
}

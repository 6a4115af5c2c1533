using System.Text;
using Salvor.Errors;
using Salvor.Formats;
using Salvor.ObjectStore;
using Salvor.Repository;
using Salvor.Tests.Support;

namespace Salvor.Tests.Repository;

public sealed class SealedObjectTests
{
    private static readonly ObjectName Name = new("timelines/00000001/begin");
    private readonly ObjectSealer _sealer = TestRepository.Sealer();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(70_000)]
    [InlineData((3 << 20) + 5)]
    public void What_was_sealed_opens(int bytes)
    {
        var random = new byte[bytes];
        new Random(5).NextBytes(random);
        foreach (var content in new[] { random, new byte[bytes] })
        {
            var sealedObject = _sealer.Seal(ObjectKind.Timeline, Name, content);

            Assert.Equal(content, _sealer.Open(ObjectKind.Timeline, Name, sealedObject, bytes));
            Assert.True(sealedObject.Length < content.Length + 200);
        }
    }

    [Fact]
    public void The_content_does_not_show()
    {
        var sealedObject = _sealer.Seal(ObjectKind.Timeline, Name, Encoding.UTF8.GetBytes("a secret"));

        Assert.Equal(-1, sealedObject.AsSpan().IndexOf("secret"u8));
    }

    [Fact]
    public void The_same_content_is_never_sealed_alike()
    {
        Assert.NotEqual(
            _sealer.Seal(ObjectKind.Timeline, Name, [1, 2, 3]), _sealer.Seal(ObjectKind.Timeline, Name, [1, 2, 3]));
    }

    [Fact]
    public void Another_name_kind_key_or_repository_does_not_open()
    {
        var sealedObject = _sealer.Seal(ObjectKind.Timeline, Name, [1, 2, 3]);

        Refuses(() => _sealer.Open(ObjectKind.Timeline, new ObjectName("timelines/00000002/begin"), sealedObject, 9));
        Refuses(() => _sealer.Open(ObjectKind.Check, Name, sealedObject, 9));
        Refuses(() => TestRepository.Sealer(seed: 2).Open(ObjectKind.Timeline, Name, sealedObject, 9));
    }

    [Fact]
    public void No_bit_can_be_changed_and_no_byte_cut_off()
    {
        var sealedObject = _sealer.Seal(ObjectKind.Timeline, Name, new byte[100]);
        for (var bit = 0; bit < sealedObject.Length * 8; bit++)
        {
            var changed = sealedObject.ToArray();
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            if (bit / 8 == 4)
            {
                continue; // The version: see A_newer_version_is_named.
            }

            Refuses(() => _sealer.Open(ObjectKind.Timeline, Name, changed, 1000));
        }

        for (var length = 0; length < sealedObject.Length; length++)
        {
            Refuses(() => _sealer.Open(ObjectKind.Timeline, Name, sealedObject.AsMemory(0, length), 1000));
        }

        byte[] longer = [.. sealedObject, 0];
        Refuses(() => _sealer.Open(ObjectKind.Timeline, Name, longer, 1000));
    }

    [Fact]
    public void Frames_can_not_be_exchanged_or_left_out()
    {
        var content = new byte[(2 << 20) + 10];
        new Random(5).NextBytes(content);
        var sealedObject = _sealer.Seal(ObjectKind.Timeline, Name, content);
        const int Frame = (1 << 20) + 28; // Random bytes don't shrink, so each MiB is stored as it is.
        var exchanged = sealedObject.ToArray();
        sealedObject.AsSpan(40, Frame).CopyTo(exchanged.AsSpan(40 + Frame));
        sealedObject.AsSpan(40 + Frame, Frame).CopyTo(exchanged.AsSpan(40));

        Refuses(() => _sealer.Open(ObjectKind.Timeline, Name, exchanged, content.Length));
        byte[] withoutFirst = [.. sealedObject.AsSpan(0, 40), .. sealedObject.AsSpan(40 + Frame)];
        Refuses(() => _sealer.Open(ObjectKind.Timeline, Name, withoutFirst, content.Length));
        var withoutLast = sealedObject.AsMemory(0, 40 + (2 * Frame));
        Refuses(() => _sealer.Open(ObjectKind.Timeline, Name, withoutLast, content.Length));
    }

    [Fact]
    public void More_than_the_caller_is_ready_for_is_refused()
    {
        var sealedObject = _sealer.Seal(ObjectKind.Timeline, Name, new byte[100]);

        Refuses(() => _sealer.Open(ObjectKind.Timeline, Name, sealedObject, 99));
    }

    [Fact]
    public void A_newer_version_is_named()
    {
        var sealedObject = _sealer.Seal(ObjectKind.Timeline, Name, [1]);
        sealedObject[4] = 9;

        var refusal = Assert.Throws<SalvorException>(
            () => _sealer.Open(ObjectKind.Timeline, Name, sealedObject, 9));

        Assert.Equal(ErrorCode.NewerFormat, refusal.Code);
        Assert.Contains("version 9", refusal.Message, StringComparison.Ordinal);
    }

    private static CorruptDataException Refuses(Func<byte[]> open) => Assert.Throws<CorruptDataException>(open);
}

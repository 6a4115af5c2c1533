using System.Text;
using Salvor.Formats;
using Salvor.Platform;
using Salvor.Repository.Keys;

namespace Salvor.Tests.Repository.Keys;

public sealed class KeySlotTests
{
    private static readonly DateTimeOffset Created = new(2026, 11, 22, 22, 0, 0, TimeSpan.Zero);

    private readonly CountingEntropy _entropy = new();
    private readonly RepositoryId _id;
    private readonly RepositoryKey _key;
    private readonly KeyFile _keyFile;

    public KeySlotTests()
    {
        _id = RepositoryId.New(_entropy);
        _key = RepositoryKey.New(_entropy);
        _keyFile = KeyFile.New("k", _id, _entropy);
    }

    [Fact]
    public void A_slot_for_a_key_file_opens_with_it_and_reads_as_agreed()
    {
        var json = KeySlotJson.Write(KeySlot.Wrap(_id, _key, _keyFile, Created, _entropy));

        Cli.Golden.Matches("Repository/Keys/Golden/slot-key-file.json", Encoding.UTF8.GetString(json));
        using var opened = KeySlotJson.Read("keys/x", json)!.TryUnwrap(_id, _keyFile);
        Assert.Equal(_key.Bytes, opened!.Bytes);
    }

    [Fact]
    public void A_slot_for_a_passphrase_opens_with_it_and_reads_as_agreed()
    {
        using var passphrase = new Passphrase("Käse, Brot und 12 Äpfel");
        var json = KeySlotJson.Write(KeySlot.Wrap(_id, _key, passphrase, Created, _entropy));

        Cli.Golden.Matches("Repository/Keys/Golden/slot-passphrase.json", Encoding.UTF8.GetString(json));
        var slot = KeySlotJson.Read("keys/x", json)!;
        using var opened = slot.TryUnwrap(_id, passphrase);
        Assert.Equal(_key.Bytes, opened!.Bytes);
        Assert.Null(slot.TryUnwrap(_id, new Passphrase("Kase, Brot und 12 Apfel")));
        Assert.Null(slot.TryUnwrap(_id, _keyFile));
    }

    [Fact]
    public void Another_key_file_or_another_repository_does_not_open_it()
    {
        var slot = KeySlot.Wrap(_id, _key, _keyFile, Created, _entropy);

        Assert.Null(slot.TryUnwrap(_id, KeyFile.New("other", _id, _entropy)));
        Assert.Null(slot.TryUnwrap(RepositoryId.New(_entropy), _keyFile));
    }

    [Fact]
    public void Every_changed_bit_of_salt_and_wrapped_key_is_noticed()
    {
        var slot = KeySlot.Wrap(_id, _key, _keyFile, Created, _entropy);
        for (var i = 0; i < 8 * slot.Salt.Length; i++)
        {
            Assert.Null((slot with { Salt = slot.Salt.SetItem(i / 8, Flip(slot.Salt[i / 8], i)) })
                .TryUnwrap(_id, _keyFile));
        }

        for (var i = 0; i < 8 * slot.Wrapped.Length; i++)
        {
            Assert.Null((slot with { Wrapped = slot.Wrapped.SetItem(i / 8, Flip(slot.Wrapped[i / 8], i)) })
                .TryUnwrap(_id, _keyFile));
        }

        static byte Flip(byte value, int bit) => (byte)(value ^ (1 << (bit % 8)));
    }

    [Fact]
    public void Unknown_kinds_are_passed_over_and_unknown_fields_too()
    {
        Assert.Null(KeySlotJson.Read("keys/x", """{"kind": "aws-kms", "arn": "a"}"""u8.ToArray()));
        var json = Encoding.UTF8.GetString(KeySlotJson.Write(KeySlot.Wrap(_id, _key, _keyFile, Created, _entropy)));
        var wider = json.Replace("{", """{"new": [1, {"a": null}],""", StringComparison.Ordinal);
        Assert.NotNull(KeySlotJson.Read("keys/x", Encoding.UTF8.GetBytes(wider)));
    }

    [Theory]
    [InlineData("\"iterations\": 600000", "\"iterations\": 599999")]
    [InlineData("\"iterations\": 600000", "\"iterations\": 100000001")]
    [InlineData("\"iterations\": 600000", "\"iterations\": 1e300")]
    [InlineData("\"iterations\": 600000", "\"iterations\": -1")]
    [InlineData("\"iterations\": 600000", "\"iterations\": \"600000\"")]
    [InlineData("\"iterations\": 600000", "\"rounds\": 600000")]
    [InlineData("pbkdf2-sha512", "md5")]
    [InlineData("\"salt\": \"", "\"salt\": \"AAAA")]
    [InlineData("\"wrapped\": \"", "\"wrapped\": \"*")]
    [InlineData("\"wrapped\"", "\"unwrapped\"")]
    [InlineData("2026-11-22T22:00:00Z", "yesterday")]
    [InlineData("\"passphrase\"", "7")]
    [InlineData("\"passphrase\"", "\"\\ud800\"")]
    public void A_slot_with_a_wrong_field_is_corrupt(string right, string wrong)
    {
        using var passphrase = new Passphrase("long enough words");
        var json = Encoding.UTF8.GetString(KeySlotJson.Write(
            new KeySlot
            {
                Kind = Passphrase.SlotKind,
                Created = Created,
                Salt = [.. new byte[32]],
                Wrapped = [.. new byte[48]],
                Iterations = 600_000,
            }));

        var broken = json.Replace(right, wrong, StringComparison.Ordinal);
        Assert.NotEqual(json, broken);
        Assert.Throws<CorruptDataException>(() => KeySlotJson.Read("keys/x", Encoding.UTF8.GetBytes(broken)));
    }

    [Fact]
    public void Random_damage_never_gives_anything_but_a_slot_or_corrupt()
    {
        const int Seed = 4711;
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {Seed}");
        var random = new Random(Seed);
        var json = KeySlotJson.Write(KeySlot.Wrap(_id, _key, _keyFile, Created, _entropy));
        for (var i = 0; i < 20_000; i++)
        {
            var bytes = json.AsSpan(0, random.Next(4) == 0 ? random.Next(json.Length) : json.Length).ToArray();
            for (var flips = random.Next(4); flips > 0 && bytes.Length > 0; flips--)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            try
            {
                KeySlotJson.Read("keys/x", bytes);
                RepositoryDescriptor.Read("repository", bytes);
            }
            catch (CorruptDataException)
            {
            }
        }
    }

    [Fact]
    public void The_key_says_nothing_of_itself_and_is_gone_once_disposed_of()
    {
        Assert.Equal("RepositoryKey", _key.ToString());
        _key.Dispose();
        Assert.Throws<ObjectDisposedException>(() => _key.Bytes.Length);
        Assert.Throws<ObjectDisposedException>(() => _key.Derive(new byte[32], "x", new byte[32]));
    }

    [Fact]
    public void An_id_is_32_lower_case_hex_digits()
    {
        Assert.Equal("000102030405060708090a0b0c0d0e0f", _id.ToString());
        Assert.True(RepositoryId.TryParse(_id.ToString(), out var read));
        Assert.Equal(_id, read);
        foreach (var wrong in new[] { "", "00", _id + "0", _id.ToString()[1..], "+" + _id.ToString()[1..],
            " " + _id.ToString()[1..], _id.ToString().ToUpperInvariant(), new string('g', 32) })
        {
            Assert.False(RepositoryId.TryParse(wrong, out _), wrong);
        }

        var bytes = new byte[16];
        _id.CopyTo(bytes);
        Assert.Equal(_id, new RepositoryId(bytes));
        Assert.NotEqual(RepositoryId.New(new OsEntropy()), RepositoryId.New(new OsEntropy()));
    }
}

using System.Text;
using Salvor.Errors;
using Salvor.Formats;
using Salvor.Platform;
using Salvor.Repository.Keys;
using Salvor.Tests.Support;

namespace Salvor.Tests.Repository.Keys;

public sealed class RepositoryOpenerTests
{
    private readonly MemoryStore _store = new();
    private readonly OsEntropy _entropy = new();
    private readonly RepositoryId _id = RepositoryId.New(new OsEntropy());
    private readonly KeyFile _keyFile;

    public RepositoryOpenerTests() => _keyFile = KeyFile.New("/etc/key", _id, _entropy);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_repository_opens_with_the_key_file_that_it_was_made_with()
    {
        using var made = await CreateAsync(_id, _keyFile);
        using var opened = await OpenAsync(_keyFile);

        Assert.Equal(made.Key.Bytes, opened.Key.Bytes);
        Assert.Equal(_id, opened.Id);
        Assert.Equal(["keys/" + _id, "repository"], _store.Names);
    }

    [Fact]
    public async Task Another_slot_opens_the_same_key()
    {
        using var made = await CreateAsync(_id, _keyFile);
        using var passphrase = new Passphrase("correct horse battery");
        var added = await KeySlots.AddAsync(made, passphrase, new InlineCpuPool(), _entropy, TimeProvider.System, Ct);
        using var opened = await OpenAsync(passphrase);

        Assert.Equal(made.Key.Bytes, opened.Key.Bytes);
        Assert.Equal(added, opened.Slot);
        Assert.Equal(ErrorCode.WrongKey, (await FailAsync(new Passphrase("correct horse staple"))).Code);
    }

    [Fact]
    public async Task An_empty_place_one_with_something_else_and_a_cut_off_init_are_told_apart()
    {
        var empty = await FailAsync(_keyFile);
        Assert.Equal(ErrorCode.NoRepository, empty.Code);
        Assert.EndsWith("it is empty.", empty.Message, StringComparison.Ordinal);

        _store["keys/x"] = [];
        Assert.Contains("was cut off there", (await FailAsync(_keyFile)).Message, StringComparison.Ordinal);

        _store["photos/cat.jpg"] = [1];
        var other = await FailAsync(_keyFile);
        Assert.Equal(ErrorCode.NoRepository, other.Code);
        Assert.Contains("such as photos/cat.jpg", other.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_key_file_of_another_repository_names_both()
    {
        using var made = await CreateAsync(_id, _keyFile);
        var otherId = RepositoryId.New(_entropy);
        var e = await FailAsync(KeyFile.New("/etc/other", otherId, _entropy));

        Assert.Equal(ErrorCode.WrongKey, e.Code);
        Assert.Contains(_id.ToString(), e.Message, StringComparison.Ordinal);
        Assert.Contains(otherId.ToString(), e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_key_file_of_the_same_id_opens_no_slot()
    {
        using var made = await CreateAsync(_id, _keyFile);
        _store["keys/broken"] = Encoding.ASCII.GetBytes("{");
        var e = await FailAsync(KeyFile.New("/etc/other", _id, _entropy));

        Assert.Equal(ErrorCode.WrongKey, e.Code);
        Assert.Contains("any of the 2 key slots", e.Message, StringComparison.Ordinal);
        Assert.Contains("keys/broken can't be read", e.Message, StringComparison.Ordinal);
        Assert.Contains("a key file", e.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Slots_that_are_unknown_damaged_or_huge_are_passed_over()
    {
        using var made = await CreateAsync(_id, _keyFile);
        _store["keys/0"] = Encoding.ASCII.GetBytes("{\"kind\": \"kms\"}");
        _store["keys/00"] = [0, 1, 2];
        _store["keys/000"] = new byte[1 << 20];
        using var opened = await OpenAsync(_keyFile);

        Assert.Equal(made.Key.Bytes, opened.Key.Bytes);
    }

    [Fact]
    public async Task A_repository_without_slots_a_damaged_one_and_a_newer_one_are_refused()
    {
        using var made = await CreateAsync(_id, _keyFile);
        _store[KeySlots.First(_id).Value] = null;
        Assert.Equal(ErrorCode.Corrupt, (await FailAsync(_keyFile)).Code);

        _store["repository"] = Encoding.ASCII.GetBytes("{\"format\": \"salvor-repository\", \"version\": 2}");
        Assert.Equal(ErrorCode.NewerFormat, (await FailAsync(_keyFile)).Code);

        _store["repository"] = [0xff];
        await Assert.ThrowsAsync<CorruptDataException>(() => OpenAsync(_keyFile));
        await Assert.ThrowsAsync<CorruptDataException>(() => CreateAsync(_id, _keyFile));
    }

    [Fact]
    public async Task Nothing_is_made_where_something_is()
    {
        using var made = await CreateAsync(_id, _keyFile);
        var before = _store.Names.Select(n => (n, _store[n])).ToList();
        var e = await Assert.ThrowsAsync<SalvorException>(() => CreateAsync(_id, _keyFile));

        Assert.Equal(ErrorCode.TargetNotEmpty, e.Code);
        Assert.Contains(_id.ToString(), e.Message, StringComparison.Ordinal);
        Assert.Equal(before, _store.Names.Select(n => (n, _store[n])));

        _store["repository"] = null;
        _store["a"] = [1];
        Assert.Equal(ErrorCode.TargetNotEmpty,
            (await Assert.ThrowsAsync<SalvorException>(() => CreateAsync(_id, _keyFile))).Code);
    }

    [Fact]
    public async Task An_init_that_was_cut_off_is_finished_by_the_next_one_with_the_same_key()
    {
        using var first = await CreateAsync(_id, _keyFile);
        _store["repository"] = null;
        using var second = await CreateAsync(_id, _keyFile);

        Assert.Equal(first.Key.Bytes, second.Key.Bytes);

        _store["repository"] = null;
        var e = await Assert.ThrowsAsync<SalvorException>(
            () => CreateAsync(_id, KeyFile.New("/etc/other", _id, _entropy)));
        Assert.Equal(ErrorCode.WrongKey, e.Code);
        Assert.DoesNotContain("repository", _store.Names);
    }

    [Fact]
    public async Task Of_many_that_make_one_at_the_same_time_one_wins_and_all_others_say_so()
    {
        var attempts = Enumerable.Range(0, 16).Select(async _ =>
        {
            await Task.Yield();
            try
            {
                return await CreateAsync(_id, _keyFile);
            }
            catch (SalvorException e) when (e.Code == ErrorCode.TargetNotEmpty)
            {
                return null;
            }
        });
        var made = (await Task.WhenAll(attempts)).OfType<OpenedRepository>().ToList();

        Assert.Single(made);
        using var opened = await OpenAsync(_keyFile);
        Assert.Equal(made[0].Key.Bytes, opened.Key.Bytes);
        Assert.Equal(2, _store.Names.Count);
    }

    private Task<OpenedRepository> CreateAsync(RepositoryId id, SlotSecret secret) =>
        new RepositoryCreator(_store, new InlineCpuPool(), _entropy, TimeProvider.System).CreateAsync(id, secret, Ct);

    private Task<OpenedRepository> OpenAsync(SlotSecret secret) =>
        new RepositoryOpener(_store, new InlineCpuPool()).OpenAsync(secret, Ct);

    private async Task<SalvorException> FailAsync(SlotSecret secret) =>
        await Assert.ThrowsAsync<SalvorException>(() => OpenAsync(secret));
}

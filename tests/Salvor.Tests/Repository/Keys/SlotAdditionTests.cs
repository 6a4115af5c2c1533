using Salvor.Errors;
using Salvor.Platform;
using Salvor.Repository.Keys;
using Salvor.Tests.Support;

namespace Salvor.Tests.Repository.Keys;

public sealed class SlotAdditionTests
{
    private readonly MemoryStore _store = new();
    private readonly OsEntropy _entropy = new();
    private readonly RepositoryId _id = RepositoryId.New(new OsEntropy());

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_second_key_file_opens_what_the_first_one_does()
    {
        using var first = NewKeyFile();
        using var second = NewKeyFile();
        using var opened = await CreateAsync(first);

        var added = await AddAsync(opened, second);

        Assert.True(added.IsNew);
        using var reopened = await new RepositoryOpener(_store, new InlineCpuPool()).OpenAsync(second, Ct);
        Assert.Equal(opened.Key.Bytes, reopened.Key.Bytes);
        Assert.Equal(added.Name, reopened.Slot);
        using var still = await new RepositoryOpener(_store, new InlineCpuPool()).OpenAsync(first, Ct);
        Assert.Equal(opened.Slot, still.Slot);
    }

    [Fact]
    public async Task A_secret_that_opens_it_already_gets_no_second_slot()
    {
        using var first = NewKeyFile();
        using var second = NewKeyFile();
        using var opened = await CreateAsync(first);
        var added = await AddAsync(opened, second);
        var before = _store.Names;

        Assert.Equal(new AddedSlot(opened.Slot, IsNew: false), await AddAsync(opened, first));
        Assert.Equal(new AddedSlot(added.Name, IsNew: false), await AddAsync(opened, second));
        Assert.Equal(before, _store.Names);
    }

    [Fact]
    public async Task Key_files_of_other_repositories_are_refused_and_nothing_is_stored()
    {
        using var opened = await CreateAsync(NewKeyFile());
        var before = _store.Names;

        var e = await Assert.ThrowsAsync<SalvorException>(
            () => AddAsync(opened, KeyFile.New("/other", RepositoryId.New(_entropy), _entropy)));

        Assert.Equal(ErrorCode.WrongKey, e.Code);
        Assert.Equal(before, _store.Names);
    }

    [Fact]
    public async Task A_slot_that_nobody_would_look_at_is_not_added()
    {
        using var opened = await CreateAsync(NewKeyFile());
        for (var i = 1; i < KeySlots.CountMax; i++)
        {
            _store[$"keys/{i}"] = _store[opened.Slot.Value];
        }

        var before = _store.Names;
        var e = await Assert.ThrowsAsync<SalvorException>(() => AddAsync(opened, NewKeyFile()));

        Assert.Contains("takes no more", e.Message, StringComparison.Ordinal);
        Assert.Equal(before, _store.Names);
    }

    [Fact]
    public async Task A_slot_that_leads_to_another_key_is_an_error_and_not_an_answer()
    {
        using var opened = await CreateAsync(NewKeyFile());
        using var second = NewKeyFile();
        using var otherKey = RepositoryKey.New(_entropy);
        var slot = KeySlot.Wrap(_id, otherKey, second, TimeProvider.System.GetUtcNow(), _entropy);
        _store["keys/forged"] = KeySlotJson.Write(slot);

        var e = await Assert.ThrowsAsync<SalvorException>(() => AddAsync(opened, second));

        Assert.Equal(ErrorCode.Corrupt, e.Code);
        Assert.Contains("keys/forged", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_store_that_keeps_something_else_than_it_was_given_is_found_out()
    {
        using var opened = await CreateAsync(NewKeyFile());
        var torn = new OpenedRepository(
            new HalvingStore(_store), opened.Descriptor, new RepositoryKey(opened.Key.Bytes), opened.Slot);

        var e = await Assert.ThrowsAsync<SalvorException>(() => AddAsync(torn, NewKeyFile()));

        Assert.Equal(ErrorCode.StoreRefused, e.Code);
        Assert.Contains("does not open it", e.Message, StringComparison.Ordinal);
    }

    private KeyFile NewKeyFile() => KeyFile.New("/key", _id, _entropy);

    private Task<OpenedRepository> CreateAsync(KeyFile first) =>
        new RepositoryCreator(_store, new InlineCpuPool(), _entropy, TimeProvider.System).CreateAsync(_id, first, Ct);

    private Task<AddedSlot> AddAsync(OpenedRepository repository, SlotSecret secret) =>
        new SlotAddition(new InlineCpuPool(), _entropy, TimeProvider.System).RunAsync(repository, secret, Ct);
}

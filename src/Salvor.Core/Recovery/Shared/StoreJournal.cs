using System.Text.Json.Serialization.Metadata;
using Salvor.Errors;
using Salvor.ObjectStore;
using Salvor.Repository;

namespace Salvor.Recovery.Shared;

/// <summary>The journal of one incident: entries 1, 2, 3 ..., each an object that is written once.</summary>
/// <remarks>
/// Two writers want the same place, and the store gives it to one of them: the other one is overtaken, and knows. An
/// entry without an answer is looked up: it is ours when the bytes are, since each sealing has its own salt. A crash
/// leaves a journal that ends earlier, or one with the entry in it, never half an entry and never a gap.
/// </remarks>
public sealed class StoreJournal<T>
    where T : class
{
    /// <summary>No incident needs more; a writer that goes round in circles is stopped here.</summary>
    public const int EntriesMax = 10_000;

    private readonly StoreJson _objects;
    private readonly JsonTypeInfo<T> _type;
    private int? _next;
    private (T Entry, ReadOnlyMemory<byte> Sealed)? _unsettled;

    /// <param name="objects">The repository.</param>
    /// <param name="incident">Whose journal.</param>
    /// <param name="type">How an entry is written.</param>
    public StoreJournal(StoreJson objects, IncidentId incident, JsonTypeInfo<T> type)
    {
        _objects = objects;
        _type = type;
        Incident = incident;
    }

    public IncidentId Incident { get; }

    /// <summary>Reads all entries in order. What is appended next comes after them.</summary>
    /// <exception cref="SalvorException">An entry is missing before another: the journal proves nothing.</exception>
    /// <exception cref="Salvor.Formats.CorruptDataException">An entry is damaged.</exception>
    public async Task<IReadOnlyList<T>> ReadAllAsync(CancellationToken ct)
    {
        _next = null;
        _unsettled = null;
        var entries = new List<T>();
        while (await _objects.ReadAsync(NameOf(entries.Count + 1), _type, ct) is { } found)
        {
            entries.Add(found.Value);
            RequireRoom(entries.Count);
        }

        // Reads alone tell the end; the list, which may lag, can only show that it is none.
        foreach (var name in await _objects.ListAsync(RecoveryNames.Incident(Incident), EntriesMax, ct))
        {
            if (RecoveryNames.TryParseEntry(name.Value, out _, out var sequence) && sequence > entries.Count
                && !await IsNewAsync(entries.Count + 1, ct))
            {
                throw new SalvorException(ErrorCode.Corrupt,
                    $"{_objects.Location} has {name}, and no {NameOf(entries.Count + 1)} before it.")
                {
                    Hint = "Entries are never deleted by Salvor: find out who did, and look at what was being done.",
                };
            }
        }

        _next = entries.Count + 1;
        return entries;
    }

    /// <summary>Writes the next entry.</summary>
    /// <exception cref="SalvorException">
    /// Nobody knows whether it is written. Append the same value again, or read the journal anew; act on neither.
    /// </exception>
    public async Task<JournalOutcome> AppendAsync(T entry, CancellationToken ct)
    {
        var sequence = _next ?? throw new InvalidOperationException("The journal was not read to its end.");
        RequireRoom(sequence);
        var name = NameOf(sequence);
        // The same entry again is the same write again: its first try may still arrive.
        var isAgain = _unsettled is { } unsettled && EqualityComparer<T>.Default.Equals(unsettled.Entry, entry);
        var sealedEntry = isAgain ? _unsettled!.Value.Sealed : _objects.Seal(name, entry, _type);
        _unsettled = (entry, sealedEntry);
        var write = await _objects.WriteAsync(name, sealedEntry, PutCondition.IfAbsent, ct);
        var isOurs = write.Outcome == WriteOutcome.Written || await _objects.HoldsAsync(name, sealedEntry, ct) == true;
        if (isOurs)
        {
            _unsettled = null;
            _next = sequence + 1;
            return JournalOutcome.Written;
        }

        if (write.Fault is { } fault)
        {
            throw fault;
        }

        _next = null;
        return JournalOutcome.Overtaken;
    }

    /// <summary>Begins a journal that nobody has begun, with its first entry.</summary>
    internal Task<JournalOutcome> BeginAsync(T first, CancellationToken ct)
    {
        _next = 1;
        return AppendAsync(first, ct);
    }

    private ObjectName NameOf(int sequence) => RecoveryNames.Entry(Incident, sequence);

    /// <summary>Whether an entry was appended since it was read: then there is no gap, but a newer end.</summary>
    private Task<bool> IsNewAsync(int sequence, CancellationToken ct) => _objects.IsThereAsync(NameOf(sequence), ct);

    private void RequireRoom(int entries)
    {
        if (entries > EntriesMax)
        {
            throw new SalvorException(ErrorCode.Failed,
                $"Incident {Incident} has more than {EntriesMax} entries: nothing more is done in it.")
            {
                Hint = "Something went round in circles: read the incident, and end it by hand.",
            };
        }
    }
}

using Salvor.Recovery.Engine;
using Salvor.Recovery.Lease;
using Salvor.Recovery.Shared;

namespace Salvor.Recovery.Outside;

/// <summary>What guards share by a store that keeps its word.</summary>
internal sealed record GuardLease(StoreLease Lease, StoreJournals<JournalEntry> Journals, INoticeBoard Notices);

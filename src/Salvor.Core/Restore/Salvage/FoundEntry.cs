using Salvor.Formats.Bbolt;
using Salvor.Formats.Etcd;

namespace Salvor.Restore.Salvage;

/// <summary>Where an entry lies that the tree does not lead to any more.</summary>
internal readonly record struct FoundEntry(RevisionKey Key, PageId Page, int Index);

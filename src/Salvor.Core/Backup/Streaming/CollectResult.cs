namespace Salvor.Backup.Streaming;

/// <summary>How far an answer was taken in.</summary>
internal enum CollectResult
{
    /// <summary>All of it.</summary>
    Done,

    /// <summary>The segment must be closed; then go on where it stopped.</summary>
    Full,

    /// <summary>The watch left revisions out.</summary>
    Gap,

    /// <summary>A revision alone is more than a segment may hold.</summary>
    TooLarge,
}

namespace Salvor.IntegrationTests.Salvage;

/// <summary>What a cut leaves of a log's end.</summary>
public enum CutKind
{
    /// <summary>The log ends early, as after a crash in the middle of a write.</summary>
    Torn,

    /// <summary>It ends in bytes that no crash explains: acknowledged entries may have stood there.</summary>
    Corrupt,

    /// <summary>Good records follow behind the damage.</summary>
    Hole,
}

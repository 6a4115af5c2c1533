using System.Globalization;

namespace Salvor.Repository.Log;

/// <summary>Revisions that no segment holds.</summary>
public readonly record struct RevisionGap(long First, long Last)
{
    /// <summary>As a sentence without its full stop, as in "revisions 120 to 180 are missing".</summary>
    public override string ToString() => First == Last
        ? string.Create(CultureInfo.InvariantCulture, $"revision {First} is missing")
        : string.Create(CultureInfo.InvariantCulture, $"revisions {First} to {Last} are missing");
}

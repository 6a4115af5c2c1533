namespace Salvor.Formats.Findings;

/// <summary>Takes findings as they are made, so that a file with a million faults needs no memory for them.</summary>
public interface IFindingSink
{
    void Report(Finding finding);
}

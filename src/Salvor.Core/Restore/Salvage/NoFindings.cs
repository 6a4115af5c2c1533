using Salvor.Formats.Findings;

namespace Salvor.Restore.Salvage;

/// <summary>For a second look at what was reported already.</summary>
internal sealed class NoFindings : IFindingSink
{
    public static readonly NoFindings Instance = new();

    private NoFindings()
    {
    }

    public void Report(Finding finding)
    {
        // Reported at the first look.
    }
}

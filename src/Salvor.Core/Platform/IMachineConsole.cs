namespace Salvor.Platform;

/// <summary>The console of the machine, where a person looks when nothing else answers.</summary>
public interface IMachineConsole
{
    /// <summary>Writes some lines, if that is possible at once. Never waits, and never fails.</summary>
    void TryWrite(string text);
}

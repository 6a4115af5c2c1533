namespace Salvor.Platform.Linux;

/// <summary>What the kernel knows of its own clock.</summary>
public static class KernelClock
{
    private const int NotSynchronized = 0x40;

    /// <summary>
    /// Whether a time service keeps the clock: it tells the kernel so, and the kernel forgets it 16 s of error later.
    /// Null where the kernel does not say, as in some containers.
    /// </summary>
    public static bool? IsSynchronized()
    {
        var buffer = new Native.TimeBuffer();
        return Native.AdjustTime(ref buffer) < 0 ? null : (buffer.Status & NotSynchronized) == 0;
    }
}

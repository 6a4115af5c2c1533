using Salvor.Errors;
using Salvor.Platform;

namespace Salvor.ObjectStore.Local;

/// <summary>
/// The lock under which objects are replaced and deleted. It lasts for a rename and a flush, so waiting is short.
/// </summary>
internal sealed class LocalLock(LocalLayout layout, IFileSystem files, TimeProvider time, TimeSpan timeout)
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(5);

    public async Task<IDisposable> TakeAsync(CancellationToken ct)
    {
        layout.RequireRoot();
        var start = time.GetTimestamp();
        while (true)
        {
            if (files.TryLockOwnFile(layout.LockPath) is { } held)
            {
                return held;
            }

            if (time.GetElapsedTime(start) > timeout)
            {
                throw new SalvorException(ErrorCode.InUse, $"Another process has held {layout.LockPath} for {timeout}.")
                {
                    IsTransient = true,
                    Hint = "See who has it open (fuser, lsof); on NFS, whether the server's lock service runs.",
                };
            }

            await Task.Delay(PollInterval, time, ct);
        }
    }
}

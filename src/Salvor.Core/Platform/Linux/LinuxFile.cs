using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Salvor.Platform.Linux;

/// <summary>A file through pread, pwrite and fsync. No lock is taken and nothing is mapped.</summary>
internal sealed unsafe class LinuxFile(string path, SafeFileHandle handle, long lengthBytes) : IFile
{
    private long _lengthBytes = lengthBytes;

    public string Name => path;

    public long Length => Interlocked.Read(ref _lengthBytes);

    private int Descriptor => (int)handle.DangerousGetHandle();

    public int ReadAt(long offset, Span<byte> buffer)
    {
        ObjectDisposedException.ThrowIf(handle.IsClosed, this);
        var done = 0;
        fixed (byte* start = buffer)
        {
            while (done < buffer.Length)
            {
                var count = Native.ReadAt(Descriptor, start + done, (nuint)(buffer.Length - done), offset + done);
                if (count < 0 && Marshal.GetLastPInvokeError() == Errno.Interrupted)
                {
                    continue;
                }

                if (count < 0)
                {
                    throw Errno.Last("read", path);
                }

                if (count == 0)
                {
                    break;
                }

                done += (int)count;
            }
        }

        return done;
    }

    public void WriteAt(long offset, ReadOnlySpan<byte> data)
    {
        ObjectDisposedException.ThrowIf(handle.IsClosed, this);
        var done = 0;
        fixed (byte* start = data)
        {
            while (done < data.Length)
            {
                var count = Native.WriteAt(Descriptor, start + done, (nuint)(data.Length - done), offset + done);
                if (count < 0 && Marshal.GetLastPInvokeError() == Errno.Interrupted)
                {
                    continue;
                }

                if (count <= 0)
                {
                    throw Errno.Last("write", path);
                }

                done += (int)count;
            }
        }

        var end = offset + data.Length;
        if (end > Length)
        {
            Interlocked.Exchange(ref _lengthBytes, end);
        }
    }

    public void StartWriteback(long offset, long lengthBytes)
    {
        // Advice only: file systems that can't do it lose nothing but speed.
        _ = Native.SyncFileRange(Descriptor, offset, lengthBytes, Native.SyncRangeWrite);
    }

    public void Preallocate(long lengthBytes)
    {
        if (Native.Allocate(Descriptor, mode: 0, offset: 0, lengthBytes) == 0)
        {
            Interlocked.Exchange(ref _lengthBytes, Math.Max(Length, lengthBytes));
        }
        else if (Marshal.GetLastPInvokeError() is not (Errno.NotSupported or Errno.Invalid))
        {
            throw Errno.Last("reserve space for", path);
        }
    }

    public void SetLength(long lengthBytes)
    {
        if (Native.Truncate(Descriptor, lengthBytes) != 0)
        {
            throw Errno.Last("set the length of", path);
        }

        Interlocked.Exchange(ref _lengthBytes, lengthBytes);
    }

    public void FlushToDisk()
    {
        // A failed fsync is never tried again: the kernel may have dropped the pages, and the second call would lie.
        if (Native.FlushFile(Descriptor) != 0)
        {
            throw Errno.Last("flush to disk", path);
        }
    }

    public void Dispose() => handle.Dispose();
}

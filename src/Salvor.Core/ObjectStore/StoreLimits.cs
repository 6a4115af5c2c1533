using Salvor.Errors;

namespace Salvor.ObjectStore;

/// <summary>The bounds that every store keeps in the same way.</summary>
public static class StoreLimits
{
    /// <summary>
    /// The longest content that a store has to give a tag for. What is changed by condition is small; a directory would
    /// have to hash every pack for a tag that nobody asks for.
    /// </summary>
    public const int TaggedBytesMax = 1 << 20;

    /// <summary>How many bytes to read, which fit what the caller is ready for.</summary>
    /// <exception cref="SalvorException">They do not fit.</exception>
    public static int BytesToRead(
        string location, ObjectName name, long objectLengthBytes, ByteRange? range, int bytesMax)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytesMax);
        var wanted = range?.ClampTo(objectLengthBytes) ?? objectLengthBytes;
        return wanted <= bytesMax ? (int)wanted : throw TooLong(location, name, wanted, bytesMax);
    }

    public static SalvorException TooLong(string location, ObjectName name, long lengthBytes, int bytesMax) =>
        new(ErrorCode.Corrupt, $"{name} in {location} is {lengthBytes} bytes long; at most {bytesMax} were expected.")
        {
            Hint = "Something else was stored under this name; look at the object before anything is deleted.",
        };
}

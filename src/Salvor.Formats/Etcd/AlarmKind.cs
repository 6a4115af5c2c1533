namespace Salvor.Formats.Etcd;

public enum AlarmKind
{
    None = 0,

    /// <summary>The backend reached its quota: etcd refuses writes until somebody disarms it.</summary>
    NoSpace = 1,

    /// <summary>A consistency check found damage.</summary>
    Corrupt = 2,
}

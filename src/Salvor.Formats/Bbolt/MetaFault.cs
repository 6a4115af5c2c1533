namespace Salvor.Formats.Bbolt;

/// <summary>Why a meta page can't be used.</summary>
public enum MetaFault
{
    None,

    /// <summary>The file ends before the page does.</summary>
    TooShort,

    /// <summary>The four bytes that mark a bbolt file are not there.</summary>
    Magic,

    /// <summary>A version of the format other than 2.</summary>
    Version,

    /// <summary>The sum over the fields is wrong: a torn or damaged page.</summary>
    Checksum,

    /// <summary>The sum is right, but a field holds what no bbolt writes.</summary>
    Field,
}

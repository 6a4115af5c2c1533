namespace Salvor.Platform;

public enum FileKind
{
    File,
    Directory,
    Other,
}

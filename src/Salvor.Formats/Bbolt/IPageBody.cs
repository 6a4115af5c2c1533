namespace Salvor.Formats.Bbolt;

/// <summary>What follows a page header: element headers, then keys and values.</summary>
internal interface IPageBody
{
    void CopyTo(Span<byte> body);
}

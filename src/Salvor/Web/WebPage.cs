namespace Salvor.Web;

/// <summary>An answer over HTTP.</summary>
internal sealed record WebPage(int Status, string ContentType, string Text);

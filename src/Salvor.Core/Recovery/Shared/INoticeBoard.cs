using Salvor.Errors;
using Salvor.Formats;

namespace Salvor.Recovery.Shared;

/// <summary>Where people leave notices for recoveries. The last word of each kind counts.</summary>
public interface INoticeBoard
{
    /// <exception cref="SalvorException">It can't be read.</exception>
    /// <exception cref="CorruptDataException">A notice is damaged.</exception>
    Task<Notices> ReadAsync(CancellationToken ct);

    /// <exception cref="SalvorException">The notice can't be, or can't be kept.</exception>
    Task PutAsync(PauseNotice pause, CancellationToken ct);

    /// <exception cref="SalvorException">The notice can't be, or can't be kept.</exception>
    Task PutAsync(Approval approval, CancellationToken ct);
}

namespace TorchSharp;

/// <summary>
/// Owns the tensors that are created on its thread while it is the innermost scope, and disposes them with itself, but for
/// those that were moved or detached. Made by torch.NewDisposeScope().
/// </summary>
public sealed class DisposeScope : IDisposable
{
    private readonly DisposeScopeManager _manager;
    private readonly HashSet<IDisposable> _disposables = new(ReferenceEqualityComparer.Instance);
    private bool _disposed;

    internal DisposeScope(DisposeScopeManager manager)
    {
        _manager = manager;
        OuterScope = manager.Current;
    }

    internal DisposeScope? OuterScope { get; private set; }

    public int DisposablesCount => _disposables.Count;

    public bool Contains(IDisposable disposable) => _disposables.Contains(disposable);

    internal void Include(IDisposable disposable) => _disposables.Add(disposable);

    public T MoveToOuter<T>(T disposable) where T : IDisposable => MoveToOther(OuterScope, disposable);

    public (T1 first, T2 second) MoveToOuter<T1, T2>(T1 first, T2 second) where T1 : IDisposable where T2 : IDisposable =>
        (MoveToOuter(first), MoveToOuter(second));

    public void MoveToOuter(params IDisposable[] disposables) => MoveToOther(OuterScope, disposables);

    public T MoveToOther<T>(DisposeScope? scope, T disposable) where T : IDisposable
    {
        if (ReferenceEquals(scope, this) || !_disposables.Remove(disposable)) return disposable;
        if (scope is null)
        {
            _manager.CountDetached();
            SetOwner(disposable, null);
        }
        else
        {
            scope.Include(disposable);
            SetOwner(disposable, scope);
        }
        return disposable;
    }

    public void MoveToOther(DisposeScope? scope, params IDisposable[] disposables)
    {
        foreach (var disposable in disposables) MoveToOther<IDisposable>(scope, disposable);
    }

    public T Detach<T>(T disposable) where T : IDisposable => MoveToOther(null, disposable);

    public void Detach(params IDisposable[] disposables) => MoveToOther(null, disposables);

    public void Attach(IDisposable disposable)
    {
        var owner = (disposable as torch.Tensor)?.OwningDisposeScope;
        if (ReferenceEquals(owner, this) || _disposables.Contains(disposable)) return;
        if (owner is null) _manager.CountAttached();
        else owner._disposables.Remove(disposable);
        Include(disposable);
        SetOwner(disposable, this);
    }

    public void Attach(params IDisposable[] disposables)
    {
        foreach (var disposable in disposables) Attach(disposable);
    }

    public void MarkAsDisposed(IDisposable disposable)
    {
        if (_disposables.Remove(disposable)) _manager.CountDisposedInScope();
        SetOwner(disposable, null);
    }

    public void DisposeEverything() => DisposeEverythingBut(Array.Empty<IDisposable>());

    public T DisposeEverythingBut<T>(T keep) where T : IDisposable
    {
        DisposeEverythingBut(new IDisposable[] { keep });
        return keep;
    }

    public void DisposeEverythingBut(params IDisposable[] keep)
    {
        if (_disposables.Count == 0) return;
        // Disposing an object takes it out of the set, so the set is copied first.
        var doomed = new IDisposable[_disposables.Count];
        _disposables.CopyTo(doomed);
        foreach (var disposable in doomed)
        {
            if (Array.Exists(keep, kept => ReferenceEquals(kept, disposable))) continue;
            disposable.Dispose();
            // A tensor has taken itself out; anything else has not.
            if (_disposables.Remove(disposable)) _manager.CountDisposedInScope();
        }
    }

    public void Dispose()
    {
        if (_disposed) return;
        _disposed = true;
        DisposeEverything();
        _manager.Remove(this);
    }

    private static void SetOwner(IDisposable disposable, DisposeScope? scope)
    {
        if (disposable is torch.Tensor tensor) tensor.OwningDisposeScope = scope;
    }
}

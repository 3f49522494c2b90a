/** The pages there are. */
export const Navigation = ({ live }: { live: number }) => (
  <nav className="navigation" aria-label="Pages">
    <a href="/" aria-current="page">
      Sessions
      {live > 0 && (
        <span className="count">
          {live}
          <span className="sr-only"> live</span>
        </span>
      )}
    </a>
  </nav>
);

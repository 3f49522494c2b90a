const radii = [270, 348, 426, 504, 582, 660];

/** The gates behind the sign-in card, one within the other, fainter outwards. */
export const Arches = () => (
  <svg className="arches" viewBox="0 0 1440 900" preserveAspectRatio="xMidYMid slice" aria-hidden="true">
    {radii.map((radius, index) => (
      <path
        key={radius}
        d={`M${720 - radius} 900V430a${radius} ${radius} 0 0 1 ${radius * 2} 0V900`}
        opacity={1 - index * 0.14}
      />
    ))}
  </svg>
);
